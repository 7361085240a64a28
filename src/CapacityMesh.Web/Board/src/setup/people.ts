import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import { act } from '../view/toast.ts';
import { path, sendJson } from '../wire/api.ts';
import { formFoot, numberField, numberOf, submits, textField, textOf } from './fields.ts';
import { awayOf, hoursFields, hoursOf } from './hours.ts';
import { importView } from './importer.ts';
import { poolsOf, type Person, type Setup } from './model.ts';
import { slugOf } from './slug.ts';

/** Who serves the leads, how much they take, and when. */
export function peopleView(setup: Setup): TemplateResult {
  const pools = poolsOf(setup, 'people');
  if (setup.process && !pools.length) return html`<p class="quiet">Your process has no pool of people: slots serve every stage.</p>`;
  if (!pools.length) return html`<p class="quiet">Publish the process first: people serve its pools.</p>`;
  const person = setup.people.find((p) => p.id === setup.editing) ?? null;
  return html`
    <ul class="rows set">${repeat(setup.people, (p) => p.id, (p) => html`<li>
      <span><strong class="clip">${p.name ?? titleOf(p.id)}</strong><small class="quiet">${(p.pools ?? []).map(titleOf).join(', ')} · ${format.rate(p.weeklyCapacity)} a week, ${format.count(p.concurrent)} at once${p.hours?.week?.length ? ' · fixed hours' : ''}</small></span>
      <span class="acts"><button type="button" class="ghost" aria-label=${`Change ${p.name ?? p.id}`} @click=${() => setup.edit(p.id)}>Change</button>
      <button type="button" class="ghost" aria-label=${`Remove ${p.name ?? p.id}`} @click=${(e: Event) => remove(setup, p, e)}>Remove</button></span></li>`)}</ul>
    ${keyed(`${setup.editing ?? ''}/${setup.people.length}`, html`<form @submit=${submits(async (data) => {
      const id = person?.id ?? slugOf(textOf(data, 'name'), setup.people.map((p) => p.id), 'person');
      await sendJson('PUT', path`/v1/people/${id}`, personOf(data));
      setup.editing = null;
      await setup.reload();
      return `${textOf(data, 'name')} is set up.`;
    })}>
      <h3>${person ? `Change ${person.name ?? person.id}` : 'Add a person'}</h3>
      <div class="grid">
        ${textField('Name', 'name', person?.name, { required: true })}
        ${numberField('Leads a week', 'weeklyCapacity', person?.weeklyCapacity ?? 20, { hint: 'Units of effort begun in any seven days.' })}
        ${numberField('At once', 'concurrent', person?.concurrent ?? 5)}
        ${textField('Skills', 'skills', (person?.skills ?? []).join(', '), { hint: 'Separated by commas, such as de, enterprise.' })}
      </div>
      <fieldset class="field"><legend>Serves</legend>${pools.map((pool) => html`<label class="check"><input type="checkbox" name="pools" value=${pool.id} ?checked=${person ? !!person.pools?.includes(pool.id) : pools.length === 1}> ${titleOf(pool.id)}</label>`)}<small class="wrong"></small></fieldset>
      ${hoursFields(person)}
      ${formFoot(person ? 'Save' : 'Add this person', person ? () => setup.edit(null) : undefined)}
    </form>`)}
    ${setup.editing ? nothing : importView(setup, 'people')}`;
}

const list = (text: string): string[] => text.split(',').map((part) => part.trim()).filter(Boolean);

function personOf(data: FormData): object {
  const hours = hoursOf(data);
  return {
    name: textOf(data, 'name'), pools: data.getAll('pools'), weeklyCapacity: numberOf(data, 'weeklyCapacity'), concurrent: numberOf(data, 'concurrent'),
    skills: list(textOf(data, 'skills')), ...(hours ? { hours } : {}), away: awayOf(data),
  };
}

function remove(setup: Setup, person: Person, event: Event): void {
  if (!confirm(`Remove ${person.name ?? person.id}? Their open work goes back to the queues.`)) return;
  void act(event.currentTarget as HTMLButtonElement, async () => {
    await sendJson('DELETE', path`/v1/people/${person.id}`);
    await setup.reload();
  }, 'Removed.');
}
