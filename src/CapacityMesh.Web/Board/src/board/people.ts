import { html, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import type { PersonCard } from '../wire/cards.ts';
import { vars } from '../view/styled.ts';
import { sumOf } from './sums.ts';

/** Salespeople by pool, each with what is in hand, reserved, and used of the week. */
export function peopleList(people: readonly PersonCard[], search: string, now: number): TemplateResult {
  if (!people.length) return html`<p class="quiet">Nobody yet. <a href="/setup#people">Add somebody</a>.</p>`;
  const wanted = search.trim().toLocaleLowerCase();
  const shown = wanted ? people.filter((p) => `${p.name ?? ''} ${p.id} ${(p.pools ?? []).join(' ')}`.toLocaleLowerCase().includes(wanted)) : people;
  const groups = groupsOf(shown);
  if (!groups.length) return html`<p class="quiet">Nobody matches “${search}”.</p>`;
  return html`<p class="people-head quiet" aria-hidden="true"><span>In hand</span><span>This week</span></p>
    ${repeat(groups, ([pools]) => pools, ([pools, members]) => html`
    <h3><span>${pools}</span><small>${format.count(members.filter((p) => p.status === 'available').length)} of ${format.count(members.length)} available · ${format.count(sumOf(members, inHand))} of ${format.count(sumOf(members, (p) => p.concurrent))} in hand</small></h3>
    <ul class="rows people">
      ${repeat(members, (p) => p.id, (p) => guard([p, Math.floor(now / 60_000)], () => personRow(p, now)))}
    </ul>`)}`;
}

const inHand = (p: PersonCard): number => (p.open ?? 0) + (p.reserved ?? 0);

function groupsOf(people: readonly PersonCard[]): [string, PersonCard[]][] {
  const groups = new Map<string, PersonCard[]>();
  for (const person of people) {
    const key = (person.pools ?? []).map(titleOf).join(' + ') || 'No pool';
    const group = groups.get(key);
    if (group) group.push(person);
    else groups.set(key, [person]);
  }
  return [...groups.entries()];
}

function personRow(p: PersonCard, now: number): TemplateResult {
  const concurrent = p.concurrent ?? 0;
  const open = concurrent ? (p.open ?? 0) / concurrent : 0;
  const reserved = concurrent ? (p.reserved ?? 0) / concurrent : 0;
  const week = p.weeklyCapacity ? (p.usedThisWeek ?? 0) / p.weeklyCapacity : 0;
  return html`
    <li>
      <a class="person clip" href=${`/desk?person=${encodeURIComponent(p.id)}`}>
        <i class="status" data-status=${p.status ?? 'offline'} aria-hidden="true"></i>${p.name ?? titleOf(p.id)}<span class="unseen">, ${p.status ?? 'offline'}</span></a>
      <span class="load" title=${`${format.count(p.open)} open, ${format.count(p.reserved)} reserved, of ${format.count(concurrent)} at once`}>
        <span class="track two" data-full=${open + reserved >= 1}><i ${vars({ share: clamp(open + reserved) })}></i><b ${vars({ share: clamp(open) })}></b></span>
        <span class="num">${format.count(inHand(p))}/${format.count(concurrent)}</span>
      </span>
      <span class="load week" title=${`${format.rate(p.usedThisWeek)} of ${format.rate(p.weeklyCapacity)} used this week`}>
        <span class="track"><i ${vars({ share: clamp(week) })}></i></span>
        <span class="num">${format.rate(p.usedThisWeek)}/${format.rate(p.weeklyCapacity)}<span class="unseen"> used this week</span></span>
      </span>
      <span class="note quiet" title=${p.nextFree ? format.full(p.nextFree) : ''}>${freeWord(p, now)}</span>
    </li>`;
}

/** When they can take the next lead. */
export function freeWord(p: PersonCard, now: number): string {
  if (p.status !== 'available') return p.status ?? 'offline';
  if (p.nextFree) return `free ${format.ago(p.nextFree, now)}`;
  return p.takesOffers === false || inHand(p) >= (p.concurrent ?? Infinity) ? 'full' : 'free now';
}

const clamp = (share: number): string => Math.max(0, Math.min(1, share)).toFixed(3);
