import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { wordsOf } from '../format/words.ts';
import type { FeedItem } from '../wire/cards.ts';

// What the mesh or a person decided, each with its why; everything else is the course of the leads.
const decisions = new Set(['constraintMoved', 'gateOpened', 'gateClosed', 'signalChanged', 'proposed', 'holdSet', 'processDefined', 'waitlisted', 'deflected', 'promiseBroken', 'offerEnded', 'statusSet', 'removed', 'withdrawn', 'returned']);

export type FeedChoice = 'decisions' | 'all';

/** What happened, newest first. */
export function feedList(feed: readonly FeedItem[], choice: FeedChoice): TemplateResult {
  const shown = choice === 'all' ? feed : feed.filter((item) => decisions.has(item.kind ?? ''));
  if (!shown.length) return html`<p class="quiet">${feed.length ? 'No decision among the last events.' : 'Nothing has happened yet.'}</p>`;
  return html`<ol class="rows feed">${repeat([...shown].reverse(), (item) => item, (item) => guard([item], () => row(item)))}</ol>`;
}

function row(item: FeedItem): TemplateResult {
  const text = item.text ?? wordsOf(item.kind);
  return html`
    <li data-kind=${item.kind ?? ''}>
      <time class="num quiet" datetime=${item.at} title=${format.full(item.at)}>${format.time(Date.parse(item.at))}</time>
      <span>${text.charAt(0).toLocaleUpperCase() + text.slice(1)}${item.lead ? html` <a href=${`/leads/${encodeURIComponent(item.lead)}`}>trace<span class="unseen"> of lead ${item.lead}</span></a>` : nothing}</span>
    </li>`;
}
