import { html, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { instantOf, localOf } from '../format/localTime.ts';
import { textOf } from './fields.ts';
import type { Hours, Person } from './model.ts';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const someMonday = Date.UTC(2026, 10, 23, 12);
const awayRows = 2; // Beside those that stand already.

/** A week of working hours, and the spells of absence. Empty hours mean: whenever available. */
export function hoursFields(person: Person | null): TemplateResult {
  const spell = (day: string): { from: string; to: string } | undefined => person?.hours?.week?.find((s) => s.day.toLowerCase().startsWith(day));
  const away = [...(person?.away ?? []), ...Array.from({ length: awayRows }, () => null)];
  return html`
    <details ?open=${!!person?.hours?.week?.length || !!person?.away?.length}><summary>Working hours and absence</summary>
      <div class="field"><label for="zone">Time zone</label><input id="zone" name="hours.timeZone" .value=${person?.hours?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone} maxlength="60" autocomplete="off" aria-describedby="zone-w"><small class="wrong" id="zone-w"></small></div>
      <p class="quiet">Leave a day empty when nobody works on it; leave all empty for no fixed hours.</p>
      <div class="week">${days.map((day, i) => html`<fieldset class="field"><legend>${format.weekday(someMonday + i * 86_400_000)}</legend>
        <input type="time" name=${`from-${day}`} aria-label="From" .value=${spell(day)?.from.slice(0, 5) ?? ''}>
        <input type="time" name=${`to-${day}`} aria-label="To" .value=${spell(day)?.to.slice(0, 5) ?? ''}></fieldset>`)}</div>
      <div class="field"><input type="hidden" name="hours.week"><small class="wrong"></small></div>
      <h3>Away</h3>
      ${away.map((a, i) => html`<div class="grid field away"><label>From <input type="datetime-local" name=${`away-from-${i}`} .value=${localOf(a?.from)}></label><label>To <input type="datetime-local" name=${`away-to-${i}`} .value=${localOf(a?.to)}></label></div>`)}
      <div class="field"><input type="hidden" name="away"><small class="wrong"></small></div>
    </details>`;
}

/** Null when no day has hours. Half a spell is sent as it is, for the API to say what is missing. */
export function hoursOf(data: FormData): Hours | null {
  const week = days
    .map((day) => ({ day, from: textOf(data, `from-${day}`), to: textOf(data, `to-${day}`) === '00:00' ? '24:00' : textOf(data, `to-${day}`) }))
    .filter((spell) => spell.from || spell.to);
  return week.length ? { timeZone: textOf(data, 'hours.timeZone'), week } : null;
}

export function awayOf(data: FormData): { from: string | null; to: string | null }[] {
  const spells = [];
  for (let i = 0; data.has(`away-from-${i}`); i++) {
    const [from, to] = [instantOf(textOf(data, `away-from-${i}`)), instantOf(textOf(data, `away-to-${i}`))];
    if (from || to) spells.push({ from, to });
  }
  return spells;
}
