import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf, wordsOf } from '../format/words.ts';
import { act } from '../view/toast.ts';
import { path, postJson, Problem, sendJson } from '../wire/api.ts';
import { formFoot, numberField, numberOf, selectField, submits, textField, textOf } from './fields.ts';
import { importView } from './importer.ts';
import { poolsOf, type Setup, type Slot } from './model.ts';
import { slugOf } from './slug.ts';

const atOnceMax = 200; // A year of working days in one go.
const shownMax = 100;
const dayMs = 86_400_000;

/** Delivery slots: planned one by one, or as a series. */
export function slotsView(setup: Setup, now: number): TemplateResult {
  const pools = poolsOf(setup, 'slots');
  if (setup.process && !pools.length) return html`<p class="quiet">Your process has no pool of slots: people serve every stage.</p>`;
  if (!pools.length) return html`<p class="quiet">Publish the process first: slots serve its pools.</p>`;
  const ahead = setup.slots.filter((s) => s.state !== 'withdrawn' && Date.parse(s.endsAt) > now).sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
  return html`
    <p class="quiet">${ahead.length ? `${format.plural(ahead.length, 'slot')} ahead.` : 'No slot is planned.'}</p>
    <div class="scroll-list" tabindex=${ahead.length ? 0 : nothing} role="group" aria-label="Planned slots"><ul class="rows set">${repeat(ahead.slice(0, shownMax), (s) => s.id, (s) => html`<li>
      <span><strong>${format.moment(s.startsAt, 0)}</strong><small class="quiet">${titleOf(s.pool)} · ${format.span((Date.parse(s.endsAt) - Date.parse(s.startsAt)) / 1000)} · ${wordsOf(s.state)}</small></span>
      <span class="acts"><button type="button" class="ghost" aria-label=${`Withdraw the slot of ${format.moment(s.startsAt, 0)}`} @click=${(e: Event) => withdraw(setup, s, e)}>Withdraw</button></span></li>`)}</ul></div>
    ${keyed(setup.slots.length, html`<form @submit=${submits((data) => plan(setup, data))}>
      <h3>Plan slots</h3>
      <div class="grid">
        ${selectField('Pool', 'pool', pools[0]!.id, pools.map((p) => [p.id, titleOf(p.id)] as const))}
        ${textField('First begins', 'startsAt', '', { type: 'datetime-local', required: true })}
        ${numberField('Lasts, hours', 'endsAt', 2, { required: true })}
        ${numberField('How many', 'count', 1, { hint: `Up to ${atOnceMax} at once.` })}
        ${numberField('Days between', 'every', 7)}
      </div>
      ${formFoot('Plan')}
    </form>`)}
    ${importView(setup, 'slots')}`;
}

/** Plans the series in order and stops at the first that is refused; what stands before it stays. */
async function plan(setup: Setup, data: FormData): Promise<string> {
  const first = Date.parse(textOf(data, 'startsAt'));
  const hours = Number(numberOf(data, 'endsAt'));
  const count = Math.max(1, Math.min(atOnceMax, Math.floor(Number(numberOf(data, 'count') ?? 1)) || 1));
  const every = Math.max(0, Number(numberOf(data, 'every') ?? 7)) || 0;
  const pool = textOf(data, 'pool');
  let planned = 0;
  try {
    for (const start of seriesOf(first, count, every)) {
      const startsAt = Number.isFinite(start) ? new Date(start).toISOString() : null;
      const endsAt = startsAt && Number.isFinite(hours) ? new Date(start + hours * 3_600_000).toISOString() : null;
      const id = slugOf(`${pool}-${(startsAt ?? '').slice(0, 16)}`, setup.slots.map((s) => s.id), 'slot');
      await sendJson('PUT', path`/v1/slots/${id}`, { pool, startsAt, endsAt });
      planned++;
    }
  } catch (error) {
    if (planned && error instanceof Problem) {
      await setup.reload();
      throw new Problem(error.status, { detail: `${format.plural(planned, 'slot')} planned, then: ${error.message}`, ...(error.code ? { code: error.code } : {}) });
    }
    throw error;
  }
  await setup.reload();
  return `${format.plural(planned, 'slot')} planned.`;
}

/** The same hour of the reader's wall clock, so that summer time moves no slot. */
export function seriesOf(first: number, count: number, everyDays: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    if (everyDays % 1) return first + i * everyDays * dayMs;
    const at = new Date(first);
    at.setDate(at.getDate() + i * everyDays);
    return at.getTime();
  });
}

function withdraw(setup: Setup, slot: Slot, event: Event): void {
  void act(event.currentTarget as HTMLButtonElement, async () => {
    await postJson(path`/v1/slots/${slot.id}/withdraw`);
    await setup.reload();
  }, 'Withdrawn.');
}
