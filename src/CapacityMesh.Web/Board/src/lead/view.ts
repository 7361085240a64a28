import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { sentence, titleOf, wordsOf } from '../format/words.ts';
import type { Lead, Trace, TraceStep, Why } from '../wire/leads.ts';
import { vars } from '../view/styled.ts';
import { gapOf, waitBefore } from './gaps.ts';

export type Names = (kind: 'campaign' | 'person', id: string) => string;

/** One lead: where it is, why, and every step of its way. */
export function leadView(lead: Lead, trace: Trace, why: Why | null, names: Names, now: number): TemplateResult {
  const steps = trace.steps ?? [];
  const first = Date.parse(steps[0]?.at ?? lead.capturedAt ?? '');
  const end = lead.closedAt ? Date.parse(lead.closedAt) : now;
  return html`
    <h1>${titleOf(wordsOf(lead.state))}${lead.stage ? html`<span class="since"> in ${titleOf(lead.stage)}</span>` : nothing}</h1>
    <p class="quiet">Lead <code>${lead.id}</code> · ${format.span((end - first) / 1000)} ${lead.closedAt ? 'from capture to close' : 'since capture'}</p>
    <dl class="facts">
      ${fact('Campaign', lead.campaign && names('campaign', lead.campaign))}
      ${fact('Pool', lead.pool && titleOf(lead.pool))}
      ${lead.person ? html`<div><dt>Salesperson</dt><dd><a href=${`/desk?person=${encodeURIComponent(lead.person)}`}>${names('person', lead.person)}</a></dd></div>` : nothing}
      ${fact('Slot', lead.slot)}
      ${fact('Captured', lead.capturedAt && format.moment(lead.capturedAt, now))}
      ${fact('Expected', lead.expectedAt && format.moment(lead.expectedAt, now))}
      ${fact('Promised by', lead.promisedBy && format.moment(lead.promisedBy, now))}
    </dl>
    ${why?.text ? whyView(why, !lead.closedAt && isLate(lead, now)) : nothing}
    <h2>The way so far</h2>
    <ol class="timeline">
      ${steps.map((step, i) => stepView(step, waitBefore(step, steps[i - 1]), names))}
      ${steps.length ? nothing : html`<li class="quiet">No step is known.</li>`}
    </ol>`;
}

export function failedView(id: string, detail: string): TemplateResult {
  return html`<h1>No trace</h1><p class="quiet">Lead <code>${id}</code></p><p>${detail}</p><p><a href="/">Back to the board</a></p>`;
}

function fact(name: string, value: string | null | undefined): TemplateResult | typeof nothing {
  return value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing;
}

/** Only a lead past its promise needs somebody. */
const isLate = (lead: Lead, now: number): boolean => Date.parse(lead.promisedBy ?? '') < now;

function whyView(why: Why, act: boolean): TemplateResult {
  return html`
    <section class="advice" data-act=${act} aria-label="Why">
      <p><strong>Why:</strong> ${sentence(why.text)}</p>
      ${why.wouldChange?.length ? html`<p class="quiet">What would change it:</p><ul>${why.wouldChange.map((item) => html`<li>${sentence(item)}</li>`)}</ul>` : nothing}
    </section>`;
}

function stepView(step: TraceStep, wait: number, names: Names): TemplateResult {
  const name = step.actor ? names('person', step.actor) : '';
  const actor = name === titleOf(step.actor) ? step.actor : name; // Gate, mesh and source are no people: their own words do.
  return html`
    <li data-kind=${step.kind ?? ''} ${vars({ gap: `${gapOf(wait)}px` })}>
      ${wait >= 1 ? html`<p class="gap">${format.span(wait)}</p>` : nothing}
      <div class="step">
        <time class="num" datetime=${step.at} title=${format.full(step.at)}>${format.day(Date.parse(step.at))} ${format.timeWithSeconds(Date.parse(step.at))}</time>
        <div>
          <p><strong>${step.text ?? titleOf(wordsOf(step.kind))}</strong>${actor && !step.text?.includes(actor) ? html` <span class="quiet">by ${actor}</span>` : nothing}</p>
          ${step.reason?.text ? html`<p class="quiet">${sentence(step.reason.text)}</p>` : nothing}
        </div>
      </div>
    </li>`;
}
