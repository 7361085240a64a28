import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { sentence, titleOf } from '../format/words.ts';
import type { Constraint, FlowCard } from '../wire/cards.ts';

/** What breaks next, why, since when, and what to do first: the one sentence a founder reads. */
export function headline(flow: FlowCard | undefined, now: number): TemplateResult {
  const constraint = flow?.constraint;
  if (constraint) return constrained(flow, constraint, now);
  const idle = flow?.process?.stages?.length
    ? ['Nothing holds the flow back.', 'Every pool has the headroom that its promises need. The gate is open, and campaigns may run.']
    : ['No process yet.', 'Publish the stages and pools of your business (PUT /v1/process); until then every lead waits at the gate, and none is lost.'];
  return html`<div class="headline-text"><h1>${idle[0]}</h1><p class="why">${idle[1]}</p></div>${figures(flow, now)}`;
}

function constrained(flow: FlowCard, constraint: Constraint, now: number): TemplateResult {
  const since = Date.parse(constraint.since ?? '');
  const age = Number.isFinite(since) ? format.span((now - since) / 1000) : null;
  const [first, ...rest] = constraint.advice ?? [];
  return html`
    <div class="headline-text">
      <h1>
        <mark>${titleOf(constraint.pool)}</mark> ${age ? 'has been' : 'is'} the constraint${age
          ? html`<span class="since"> for <time datetime=${constraint.since ?? ''} title=${format.full(constraint.since)}>${age}</time></span>`
          : nothing}.
      </h1>
      <p class="why">${sentence(constraint.explanation)}</p>
      ${first
        ? html`<div class="advice">
            <p><strong>Do first:</strong> ${sentence(first)}</p>
            ${rest.length ? html`<ul>${rest.slice(0, 3).map((item) => html`<li>${sentence(item)}</li>`)}</ul>` : nothing}
          </div>`
        : nothing}
    </div>
    ${figures(flow, now)}`;
}

function figures(flow: FlowCard | undefined, now: number): TemplateResult {
  const constraint = flow?.constraint;
  const wait = flow?.waitlist;
  const oldest = Date.parse(wait?.oldestSince ?? '');
  return html`
    <dl class="figures">
      ${figure('Sustainable', html`${format.rate(constraint?.sustainablePerWeek)}<small> leads a week</small>`)}
      ${figure('Headroom', html`${format.count(constraint?.headroom)}<small> more leads</small>`)}
      ${figure('Utilization', format.percent(constraint?.utilization))}
      ${figure('Gate', html`<span class="gate" data-gate=${flow?.gate ?? 'unknown'}>${gateWord(flow)}</span>`)}
      ${figure('Waitlist', html`${format.count(wait?.count)}<small> of ${format.count(wait?.limit)}${Number.isFinite(oldest) ? `, oldest ${format.span((now - oldest) / 1000)}` : ''}</small>`)}
      ${figure('Next constraint', constraint?.next
        ? html`${titleOf(constraint.next.pool)}<small> headroom ${format.count(constraint.next.headroom)}</small>`
        : '–')}
    </dl>`;
}

function gateWord(flow: FlowCard | undefined): string {
  return flow?.gate === 'open' ? 'Open' : flow?.gate === 'closed' ? 'Closed' : '–';
}

function figure(name: string, value: TemplateResult | string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
