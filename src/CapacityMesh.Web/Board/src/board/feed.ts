import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { wordsOf } from '../format/words.ts';
import type { FeedItem } from '../wire/cards.ts';

/** What happened, newest first. */
export function feedList(feed: readonly FeedItem[]): TemplateResult {
  if (!feed.length) return html`<p class="quiet">Nothing has happened yet.</p>`;
  return html`<ol class="rows feed">${repeat([...feed].reverse(), (item) => item, (item) => guard([item], () => row(item)))}</ol>`;
}

function row(item: FeedItem): TemplateResult {
  return html`
    <li data-kind=${item.kind ?? ''}>
      <time class="num quiet" datetime=${item.at} title=${format.full(item.at)}>${format.timeWithSeconds(Date.parse(item.at))}</time>
      <span>${item.text ?? wordsOf(item.kind)}${item.lead ? html` <a href=${`/leads/${encodeURIComponent(item.lead)}`}>trace<span class="unseen"> of lead ${item.lead}</span></a>` : nothing}</span>
    </li>`;
}
