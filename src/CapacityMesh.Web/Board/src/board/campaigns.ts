import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { sentence, titleOf } from '../format/words.ts';
import type { CampaignCard } from '../wire/cards.ts';
import { path, postJson } from '../wire/api.ts';
import { act } from '../view/toast.ts';
import { signalPill } from './signal.ts';

import { leadsLink } from '../view/leadsLink.ts';

export type AskHold = (campaign: CampaignCard) => void;

/** Which campaigns may spend, why, and a person's word over it. */
export function campaignList(campaigns: readonly CampaignCard[], now: number, tick: number, hold: AskHold): TemplateResult {
  if (!campaigns.length) return html`<p class="quiet">No campaign yet. <a href="/setup#campaigns">Add one</a>, or send its first lead.</p>`;
  return html`<ul class="rows campaigns">
    ${repeat(campaigns, (c) => c.id, (c) => guard([c, tick], () => campaignRow(c, now, hold)))}
  </ul>`;
}

function campaignRow(c: CampaignCard, now: number, hold: AskHold): TemplateResult {
  const name = c.name ?? titleOf(c.id);
  return html`
    <li>
      <div class="campaign-name"><strong class="clip">${name}</strong><small class="quiet">${titleOf(c.channel)}</small></div>
      <div class="campaign-signal">
        ${signalPill(c.action, c.budgetMultiplier)}
        <small class="quiet"><time datetime=${c.since ?? ''} title=${format.full(c.since)}>${format.ago(c.since, now)}</time></small>
      </div>
      <p class="campaign-why">
        ${sentence(c.reason?.text)}
        ${c.held ? html`<span class="tag plain">Held by a person${c.heldUntil ? ` until ${format.moment(c.heldUntil, now)}` : ''}</span>` : nothing}
      </p>
      <p class="campaign-sums">
        <span>${format.rate(c.demandPerWeek)}/wk</span><span>${leadsLink({ campaign: c.id }, format.count(c.totals?.captured), `leads of ${name}`)} captured</span>
        <span>${format.count(c.totals?.won)} won</span><span>${format.count(c.totals?.delivered)} delivered</span><span>${format.money(c.spend)} spent</span>${c.valuePerWin ? html`<span>${format.money(c.valuePerWin)} a win</span>` : nothing}
      </p>
      <div class="campaign-acts">${c.held
        ? html`<button type="button" aria-label=${`End the hold of ${name}`} @click=${(e: Event) => void act(e.currentTarget as HTMLButtonElement, () => postJson(path`/v1/spend/${c.id}/hold`, { action: null }), `${name}: the hold ended.`)}>End hold</button>`
        : html`<button type="button" class="ghost" aria-label=${`Hold ${name}`} @click=${() => hold(c)}>Hold…</button>`}</div>
      ${c.proposed ? proposal(c, name) : nothing}
    </li>`;
}

function proposal(c: CampaignCard, name: string): TemplateResult {
  const answer = (word: 'approve' | 'reject') => (event: Event): void => {
    const url = word === 'approve' ? path`/v1/spend/${c.id}/approve` : path`/v1/spend/${c.id}/reject`;
    void act(event.currentTarget as HTMLButtonElement, () => postJson(url), `${name}: ${word === 'approve' ? 'approved' : 'rejected'}.`);
  };
  return html`
    <div class="proposal">
      <p><strong>Needs your word:</strong> ${signalPill(c.proposed?.action, c.proposed?.budgetMultiplier)} ${sentence(c.proposed?.reason?.text)}</p>
      <div class="campaign-acts">
        <button type="button" class="primary" aria-label=${`Approve the proposal for ${name}`} @click=${answer('approve')}>Approve</button>
        <button type="button" aria-label=${`Reject the proposal for ${name}`} @click=${answer('reject')}>Reject</button>
      </div>
    </div>`;
}
