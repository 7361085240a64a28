import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { format } from '../format/format.ts';
import { instantOf, localOf } from '../format/localTime.ts';
import { formFoot, submits, textOf } from '../setup/fields.ts';
import type { Person } from '../setup/model.ts';
import type { OpenWork } from '../wire/leads.ts';
import { weekDays } from './weekDays.ts';

export type SaveAway = (away: readonly { from: string; to: string | null }[]) => Promise<void>;

/** The person's own week: hours, what falls due, and absence, which they set themselves. */
export function weekView(person: Person, open: readonly OpenWork[], now: number, save: SaveAway): TemplateResult {
  const away = (person.away ?? []).filter((spell) => !(Date.parse(spell.to ?? '') <= now));
  const fixed = !!person.hours?.week?.length;
  return html`
    <section aria-labelledby="t-week">
      <h2 id="t-week">Your week</h2>
      <ol class="week-days">${weekDays(person, open, now).map((day) => html`<li data-away=${day.isAway}>
        <strong>${format.day(day.at)}</strong>
        <span>${day.isAway ? 'away' : day.hours.length ? day.hours.map((spell) => html`<span class="num">${spell}</span> `) : fixed ? 'free' : 'no fixed hours'}</span>
        <span class="quiet">${day.touches ? format.plural(day.touches, 'touch', 'touches') : nothing}</span></li>`)}</ol>
      ${fixed && person.hours?.timeZone ? html`<p class="quiet">Hours are those of ${person.hours.timeZone}.</p>` : nothing}
      <ul class="absences">${away.map((spell) => html`<li><span>Away from ${format.moment(spell.from, now)}${spell.to && !isEndless(spell.to) ? ` to ${format.moment(spell.to, now)}` : ', until further notice'}</span>
        <button type="button" class="ghost" aria-label=${`Remove the absence from ${format.moment(spell.from, now)}`} @click=${(e: Event) => remove(e, save, away.filter((other) => other !== spell))}>Remove</button></li>`)}</ul>
      <details class="absent"><summary>Set yourself away…</summary>
        ${keyed(away.length, html`<form @submit=${submits(async (data) => {
          await save([...away, { from: instantOf(textOf(data, 'from')) ?? new Date(now).toISOString(), to: instantOf(textOf(data, 'to')) }]);
          return 'Set. No offers come in that time; what has begun stays with you.';
        })}>
          <div class="grid">
            <div class="field"><label for="away-from">From</label><input id="away-from" name="from" type="datetime-local" required .value=${localOf(new Date(now).toISOString())}></div>
            <div class="field"><label for="away-to">To</label><input id="away-to" name="to" type="datetime-local"><small class="quiet">Empty: until further notice.</small></div>
          </div>
          <div class="field"><input type="hidden" name="away"><small class="wrong"></small></div>
          ${formFoot('Set away')}
        </form>`)}
      </details>
    </section>`;
}

const isEndless = (to: string): boolean => Date.parse(to) > Date.UTC(9000, 0, 1); // How the API writes "open".

function remove(event: Event, save: SaveAway, rest: readonly { from: string; to: string | null }[]): void {
  const button = event.currentTarget as HTMLButtonElement;
  button.disabled = true;
  void save(rest).finally(() => { button.disabled = false; });
}
