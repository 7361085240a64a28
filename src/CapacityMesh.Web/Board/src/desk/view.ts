import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { sentence, titleOf } from '../format/words.ts';
import type { Load, PersonCard, PersonStatus } from '../wire/cards.ts';
import type { Offer, OpenWork, Work } from '../wire/leads.ts';
import { vars } from '../view/styled.ts';
import { contactView, promiseView } from './contact.ts';
import type { Histories } from './histories.ts';
import { historyView } from './history.ts';
import { isDue, nextDue, touchView } from './touch.ts';
import { weekView, type SaveAway } from './week.ts';
import type { Person } from '../setup/model.ts';

export type Verb = 'accept' | 'decline' | 'contacted' | 'complete' | 'return';

export interface DeskActions {
  send: (button: HTMLButtonElement | null, leadId: string, verb: Verb, done: string, more?: object) => Promise<boolean>;
  decline: (offer: Offer) => void;
  complete: (button: HTMLButtonElement, work: OpenWork, outcome: 'passed' | 'lost', wins: boolean) => void;
  status: (button: HTMLButtonElement, status: PersonStatus) => void;
  campaign: (id: string | null | undefined) => string;
  wins: (stage: string | null | undefined) => boolean;
  saveAway: SaveAway;
}

export interface Desk { person: string; card: PersonCard | undefined; work: Work | null; described: Person | null; histories: Histories; wrong: string | null; now: number }

const soonSeconds = 60; // A countdown below this is shown as urgent.
const statuses: PersonStatus[] = ['available', 'away', 'offline'];

/** A salesperson's page: what is offered, what is open, and how much is in hand. */
export function deskView(desk: Desk, actions: DeskActions): TemplateResult {
  if (!desk.person) return html`<p class="quiet">Choose a person above to see their offers and open work.</p>`;
  const { work, now } = desk;
  const offers = work?.offers ?? [];
  const open = [...(work?.open ?? [])].sort((a, b) => nextDue(a) - nextDue(b)); // What is due soonest is on top.
  const due = open.filter((o) => o.touch && isDue(o.touch, now)).length;
  return html`
    ${desk.wrong ? html`<p class="bad" role="alert">${desk.wrong}</p>` : nothing}
    <div class="desk-top">${statusView(desk, actions)}${loadView(work?.load ?? desk.card)}</div>
    <section aria-labelledby="t-offers">
      <h2 id="t-offers">Offers ${offers.length ? html`<span class="tag">${format.count(offers.length)}</span>` : nothing}</h2>
      ${offers.length ? nothing : html`<p class="none quiet">${emptyWord(desk)}</p>`}
      <ul class="cards">${repeat(offers, (o) => o.leadId, (o) => offerView(o, desk, actions))}</ul>
    </section>
    <section aria-labelledby="t-open">
      <h2 id="t-open">Open work ${due ? html`<span class="tag">${format.plural(due, 'touch', 'touches')} due</span>` : nothing}</h2>
      ${open.length ? nothing : html`<p class="none quiet">Nothing is open.</p>`}
      <ul class="cards">${repeat(open, (o) => o.leadId, (o) => openView(o, desk, actions))}</ul>
    </section>
    ${desk.described ? weekView(desk.described, open, now, actions.saveAway) : nothing}`;
}

function emptyWord({ card, work, now }: Desk): string {
  if (!work) return 'Reading…';
  if (card?.status && card.status !== 'available') return `No offers come while you are ${card.status}.`;
  if (card?.nextFree) return `Your hours or your week are full: the next lead can come ${format.ago(card.nextFree, now)}.`;
  return card?.takesOffers === false ? 'Your hands are full: the next offer comes when something is done.' : 'The next lead appears here by itself.';
}

function statusView({ card, work }: Desk, actions: DeskActions): TemplateResult {
  const current = card?.status ?? work?.status;
  return html`<div class="choice" role="group" aria-label="Your status">
    ${statuses.map((status) => html`<button type="button" aria-pressed=${current === status}
      @click=${(e: Event) => actions.status(e.currentTarget as HTMLButtonElement, status)}>${titleOf(status)}</button>`)}
  </div>`;
}

function loadView(load: Load | null | undefined): TemplateResult {
  const bar = (name: string, used: number, of: number | null | undefined): TemplateResult => html`
    <div class="meter"><p><span>${name}</span><span class="num">${format.rate(used)} of ${format.rate(of)}</span></p>
      <span class="track" data-full=${!!of && used >= of}><i ${vars({ share: of ? Math.min(1, used / of).toFixed(3) : 0 })}></i></span></div>`;
  return html`<div class="desk-load">
    ${bar('In hand', (load?.open ?? 0) + (load?.reserved ?? 0), load?.concurrent)}
    ${bar('This week', load?.usedThisWeek ?? 0, load?.weeklyCapacity)}
  </div>`;
}

function offerView(offer: Offer, { now, histories }: Desk, actions: DeskActions): TemplateResult {
  const act = (verb: Verb, done: string) => (e: Event): void => void actions.send(e.currentTarget as HTMLButtonElement, offer.leadId, verb, done);
  const who = offer.contact?.name ?? offer.leadId;
  const reason = typeof offer.reason === 'string' ? offer.reason : offer.reason?.text;
  return html`
    <li class="card offer">
      <header>${heading(offer, actions)}${due('Answer in', offer.until, now)}</header>
      ${promiseView(offer)}
      ${contactView(offer)}
      ${reason ? html`<p class="quiet">${sentence(reason)}</p>` : nothing}
      ${historyView(offer.leadId, histories, now)}
      <div class="acts">
        <button type="button" aria-label=${`Decline ${who}`} @click=${() => actions.decline(offer)}>Decline…</button>
        <button type="button" class="primary" aria-label=${`Accept ${who}`} @click=${act('accept', 'Accepted.')}>Accept</button>
      </div>
    </li>`;
}

function openView(work: OpenWork, { now, histories }: Desk, actions: DeskActions): TemplateResult {
  const act = (verb: Verb, done: string, more: object = {}) => (e: Event): void => void actions.send(e.currentTarget as HTMLButtonElement, work.leadId, verb, done, more);
  const by = work.touch ? ` by ${work.touch.channel}` : '';
  const who = work.contact?.name ?? work.leadId;
  const wins = actions.wins(work.stage);
  return html`
    <li class="card">
      <header>${heading(work, actions)}${work.contactedAt
        ? html`<span class="due quiet">Contacted ${format.ago(work.contactedAt, now)}</span>`
        : due('First contact in', work.contactDue ?? work.until, now)}</header>
      ${touchView(work, now)}
      ${contactView(work)}
      <p class="quiet">Accepted ${format.ago(work.acceptedAt, now)}${work.until ? ` · returns to the queue ${format.ago(work.until, now)} if nothing happens` : ''}</p>
      ${historyView(work.leadId, histories, now)}
      <div class="acts">
        <button type="button" class="ghost" aria-label=${`Return ${who} to the queue`} @click=${act('return', 'Returned to the queue, in its old place.')}>Return</button>
        <button type="button" aria-label=${`${who}: lost`} @click=${(e: Event) => actions.complete(e.currentTarget as HTMLButtonElement, work, 'lost', wins)}>Lost…</button>
        ${work.contactedAt && !work.touch ? nothing : html`<button type="button" aria-label=${`${who} was contacted${by}`} @click=${act('contacted', work.contactedAt ? 'Noted.' : 'First contact noted.', work.touch ? { channel: work.touch.channel } : {})}>Contacted${by}</button>`}
        <button type="button" class="primary" aria-label=${`${who}: ${wins ? 'won' : 'passed'}`} @click=${(e: Event) => actions.complete(e.currentTarget as HTMLButtonElement, work, 'passed', wins)}>${wins ? 'Won…' : 'Passed'}</button>
      </div>
    </li>`;
}

function heading(offer: Offer, actions: DeskActions): TemplateResult {
  return html`<div><h3>${offer.contact?.name ?? 'Unnamed lead'}${offer.contact?.company ? html` <small class="quiet">${offer.contact.company}</small>` : nothing}</h3>
    <p class="quiet"><span>${titleOf(offer.stage)}</span> · ${actions.campaign(offer.campaign)} · <a href=${`/leads/${encodeURIComponent(offer.leadId)}`}>trace</a></p></div>`;
}

function due(words: string, until: string | null | undefined, now: number): TemplateResult | typeof nothing {
  const at = Date.parse(until ?? '');
  if (!Number.isFinite(at)) return nothing;
  const left = (at - now) / 1000;
  return html`<span class="due" data-soon=${left < soonSeconds} role="timer"><small>${left < 0 ? 'Overdue by' : words}</small><b>${format.countdown(Math.abs(left))}</b></span>`;
}
