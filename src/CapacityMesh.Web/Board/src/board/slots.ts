import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { format } from '../format/format.ts';
import { titleOf, wordsOf } from '../format/words.ts';
import type { SlotCard } from '../wire/cards.ts';
import { weeksOf, weekStartOf, type CalendarDay } from './calendarWeeks.ts';

const legend = ['open', 'held', 'booked', 'started', 'completed', 'missed'] as const;
const chipsMax = 6; // More marks than this in a day are counted, not drawn.
const weekStart = weekStartOf(globalThis.navigator?.language);

export interface SlotChoice { day: string | null; choose: (day: string | null) => void }

/** Delivery slots on a calendar; a day opens to its slots. */
export function slotCalendar(slots: readonly SlotCard[], now: number, choice: SlotChoice): TemplateResult {
  if (!slots.length) return html`<p class="quiet">No delivery slot yet. <a href="/setup#slots">Plan some slots</a>.</p>`;
  const { weeks, later } = weeksOf(slots, now, weekStart);
  const chosen = weeks.flat().find((day) => day.key === choice.day);
  return html`
    <ul class="legend" aria-hidden="true">${legend.map((state) => html`<li><i class="slot" data-state=${state}></i>${state}</li>`)}</ul>
    <table class="calendar">
      <caption class="unseen">Delivery slots by day</caption>
      <thead><tr>${weeks[0]!.map((day) => html`<th scope="col">${format.weekday(day.at)}</th>`)}</tr></thead>
      <tbody>${weeks.map((week) => html`<tr>${week.map((day) => html`<td>${guard([...day.slots, day.key, day.isToday, day.isPast, choice.day === day.key], () => dayCell(day, choice))}</td>`)}</tr>`)}</tbody>
    </table>
    <div class="day-detail" aria-live="polite">${chosen?.slots.length ? dayDetail(chosen) : html`<p class="quiet">${later ? `${format.plural(later, 'slot')} after these weeks. ` : ''}Choose a day to see its slots.</p>`}</div>`;
}

function dayCell(day: CalendarDay, choice: SlotChoice): TemplateResult {
  const open = day.slots.filter((s) => s.state === 'open').length;
  const body = html`<span class="date">${day.number}</span>
    <span class="marks" aria-hidden="true">${day.slots.slice(0, chipsMax).map((s) => html`<i class="slot" data-state=${s.state ?? 'unknown'}></i>`)}</span>
    ${day.slots.length > chipsMax ? html`<small class="quiet">${format.count(day.slots.length)}</small>` : nothing}`;
  if (!day.slots.length) return html`<div class="day" data-today=${day.isToday} data-past=${day.isPast}>${body}</div>`;
  return html`<button type="button" class="day" data-today=${day.isToday} data-past=${day.isPast} aria-pressed=${choice.day === day.key}
    aria-label=${`${day.label}: ${format.count(open)} of ${format.plural(day.slots.length, 'slot')} open`} @click=${() => choice.choose(choice.day === day.key ? null : day.key)}>${body}</button>`;
}

function dayDetail(day: CalendarDay): TemplateResult {
  return html`<h3>${day.label}</h3><ul class="chips">${day.slots.map((slot) => html`<li>${chip(slot)}</li>`)}</ul>`;
}

function chip(slot: SlotCard): TemplateResult {
  const at = Date.parse(slot.startsAt ?? '');
  const body = html`${format.time(at)} ${titleOf(slot.pool)}, ${wordsOf(slot.state)}`;
  return slot.lead
    ? html`<a class="slot" data-state=${slot.state ?? 'unknown'} href=${`/leads/${encodeURIComponent(slot.lead)}`}>${body}</a>`
    : html`<span class="slot" data-state=${slot.state ?? 'unknown'}>${body}</span>`;
}
