import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { sentence, titleOf, wordsOf } from '../format/words.ts';
import type { Histories } from './histories.ts';

const stepsMax = 12; // The newest; the whole way is a page of its own.

/** What happened with this lead before it came here, newest first; read when it is unfolded. */
export function historyView(lead: string, histories: Histories, now: number): TemplateResult {
  const history = histories.of(lead);
  const steps = [...(history?.steps ?? [])].reverse().slice(0, stepsMax);
  return html`
    <details class="history" @toggle=${(e: Event) => histories.toggle(lead, (e.currentTarget as HTMLDetailsElement).open)}><summary>History</summary>
      ${history?.wrong ? html`<p class="bad">${history.wrong}</p>` : nothing}
      ${steps.length || history?.wrong ? nothing : html`<p class="quiet">Reading…</p>`}
      <ol>${steps.map((step) => html`<li>
        <time class="num quiet" datetime=${step.at} title=${format.full(step.at)}>${format.moment(step.at, now)}</time>
        <span>${sentence(step.text ?? titleOf(wordsOf(step.kind)))}${step.reason?.text ? html` <span class="quiet">${sentence(step.reason.text)}</span>` : nothing}</span></li>`)}</ol>
      <p><a href=${`/leads/${encodeURIComponent(lead)}`}>The whole way<span class="unseen"> of this lead</span></a></p>
    </details>`;
}
