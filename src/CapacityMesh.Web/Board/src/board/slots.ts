import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf, wordsOf } from '../format/words.ts';
import type { SlotCard } from '../wire/cards.ts';
import { daysOf, type SlotDay } from './slotDays.ts';

const legend = ['open', 'held', 'booked', 'started', 'completed', 'missed'] as const;

/** Delivery slots by date; what is over is told in one line. */
export function slotList(slots: readonly SlotCard[], now: number): TemplateResult {
  if (!slots.length) return html`<p class="quiet">No delivery slot yet. PUT /v1/slots/{id} adds one.</p>`;
  const { past, days } = daysOf(slots, now);
  return html`
    <ul class="legend" aria-hidden="true">${legend.map((state) => html`<li><i class="slot" data-state=${state}></i>${state}</li>`)}</ul>
    ${past.length ? html`<p class="quiet">${earlier(past)}</p>` : nothing}
    <ul class="rows days">${repeat(days, (d) => d.key, (d) => dayRow(d))}</ul>`;
}

function dayRow(day: SlotDay): TemplateResult {
  const open = day.slots.filter((s) => s.state === 'open').length;
  return html`
    <li>
      <span class="day">${day.label}<small class="quiet">${format.count(open)} of ${format.count(day.slots.length)} open</small></span>
      <ul class="chips">${repeat(day.slots, (s) => s.id, (s) => guard([s], () => chip(s)))}</ul>
    </li>`;
}

function chip(slot: SlotCard): TemplateResult {
  const at = Date.parse(slot.startsAt ?? '');
  const what = `${titleOf(slot.pool)}, ${slot.state ?? 'unknown'}, ${format.full(slot.startsAt)}`;
  const body = html`${format.time(at)}<span class="unseen"> ${wordsOf(slot.state)}</span>`;
  return slot.lead
    ? html`<li><a class="slot" data-state=${slot.state ?? 'unknown'} title=${what} href=${`/leads/${encodeURIComponent(slot.lead)}`}>${body}</a></li>`
    : html`<li><span class="slot" data-state=${slot.state ?? 'unknown'} title=${what}>${body}</span></li>`;
}

function earlier(past: readonly SlotCard[]): string {
  const counts = new Map<string, number>();
  for (const slot of past) counts.set(slot.state ?? 'unknown', (counts.get(slot.state ?? 'unknown') ?? 0) + 1);
  return `Earlier: ${format.names([...counts].map(([state, n]) => `${format.count(n)} ${state}`))}.`;
}
