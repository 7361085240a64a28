import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf, wordsOf } from '../format/words.ts';
import type { LeadItem } from '../wire/leads.ts';

export interface LeadList { items: readonly LeadItem[]; more: (() => void) | null; wrong: string | null; loading: boolean }

export type Names = (kind: 'campaign' | 'person', id: string) => string;

/** The leads behind a number, newest first; each leads to its trace. */
export function leadList(list: LeadList, names: Names, now: number): TemplateResult {
  return html`
    ${list.wrong ? html`<p class="bad" role="alert">${list.wrong}</p>` : nothing}
    <p class="quiet" role="status">${words(list)}</p>
    <ul class="rows lead-rows">${repeat(list.items, (lead) => lead.id, (lead) => row(lead, names, now))}</ul>
    ${list.more ? html`<p class="more"><button type="button" ?disabled=${list.loading} @click=${list.more}>Show more</button></p>` : nothing}`;
}

function words(list: LeadList): string {
  if (list.loading && !list.items.length) return 'Reading…';
  if (!list.items.length) return list.wrong ? '' : 'No lead is like this.';
  return list.more ? `The newest ${format.plural(list.items.length, 'lead')}.` : `${format.plural(list.items.length, 'lead')}.`;
}

function row(lead: LeadItem, names: Names, now: number): TemplateResult {
  const where = [lead.stage && titleOf(lead.stage), lead.person && names('person', lead.person), lead.campaign && names('campaign', lead.campaign)].filter(Boolean);
  return html`
    <li>
      <a href=${`/leads/${encodeURIComponent(lead.id)}`}><strong>${titleOf(wordsOf(lead.state))}</strong><span class="unseen">, lead ${lead.id}</span></a>
      <span class="clip">${where.join(' · ')}${lead.promiseBroken ? html` <span class="bad">promise broken</span>` : nothing}</span>
      <span class="quiet num"><time datetime=${lead.capturedAt ?? ''} title=${format.full(lead.capturedAt)}>captured ${format.ago(lead.capturedAt, now)}</time></span>
    </li>`;
}
