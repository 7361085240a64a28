import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { sentence, titleOf } from '../format/words.ts';
import type { CampaignCard, Constraint, FlowCard } from '../wire/cards.ts';
import { leadsLink } from '../view/leadsLink.ts';
import { costOf, type Cost } from './cost.ts';

/** What limits us now, since when, what it costs, and what to do first: the one sentence a founder reads. */
export function headline(flow: FlowCard | undefined, campaigns: readonly CampaignCard[], now: number): TemplateResult {
  const constraint = flow?.constraint;
  const cost = costOf(flow, campaigns);
  if (constraint) return html`<div class="headline-text">${constrained(constraint, cost, now)}</div>${figures(flow, now)}`;
  return html`<div class="headline-text">${flow?.process?.stages?.length ? idle() : unborn()}</div>${figures(flow, now)}`;
}

function idle(): TemplateResult {
  return html`<h1>Nothing holds the flow back.</h1>
    <p class="why">Every pool has the headroom that its promises need. The gate is open, and campaigns may run.</p>`;
}

function unborn(): TemplateResult {
  return html`<h1>Your business is not described yet.</h1>
    <p class="why">Say which stages a lead passes and who serves them; until then every lead waits at the gate, and none is lost.</p>
    <p class="begin"><a class="button primary" href="/setup">Set up the first process</a></p>`;
}

function constrained(constraint: Constraint, cost: Cost, now: number): TemplateResult {
  const since = Date.parse(constraint.since ?? '');
  const age = Number.isFinite(since) ? format.age((now - since) / 1000) : null;
  const [first, ...rest] = constraint.advice ?? [];
  const act = cost.unservedPerWeek > 0 || (constraint.headroom ?? 0) <= 0;
  return html`
    <h1>
      <span class="clip"><mark data-act=${act}>${titleOf(constraint.pool)}</mark> ${act ? 'limits us' : 'sets the pace'}${age
        ? html`<span class="since">, for <time datetime=${constraint.since ?? ''} title=${format.full(constraint.since)}>${age}</time> now</span>`
        : nothing}${hasCost(cost) ? ',' : '.'}</span>
      ${hasCost(cost) ? html`<span class="clip">${costWords(cost)}.</span>` : nothing}
    </h1>
    <p class="why">${demandWords(constraint, cost)}</p>
    ${first
      ? html`<div class="advice" data-act=${act} tabindex="0" role="group" aria-label="What to do">
          <p><strong>${act ? 'Do first:' : 'To grow:'}</strong> ${sentence(first)}</p>
          ${rest.length ? html`<ul>${rest.slice(0, 2).map((item) => html`<li title=${sentence(item)}>${sentence(item)}</li>`)}</ul>` : nothing}
        </div>`
      : nothing}`;
}

const hasCost = (cost: Cost): boolean => !!cost.money || cost.unservedPerWeek > 0;

function costWords(cost: Cost): TemplateResult {
  if (cost.money) return html`<span class="since">at about</span> <span class="cost">${format.moneyRound(cost.money)}</span><span class="since"> a week</span>`;
  return html`<span class="since">at</span> <span class="cost">${format.rate(cost.unservedPerWeek)} leads</span><span class="since"> a week</span>`;
}

function demandWords(constraint: Constraint, cost: Cost): string {
  const carried = format.rate(constraint.sustainablePerWeek);
  const asked = format.rate(cost.demandPerWeek);
  const next = constraint.next ? ` Next would be ${titleOf(constraint.next.pool)}.` : '';
  return cost.unservedPerWeek
    ? `${asked} leads a week are asked for and ${carried} can be served in time${cost.money ? '; the sum is what the rest would be worth' : ''}.${next}`
    : `${asked} leads a week are asked for and ${carried} can be served in time, so nothing is turned away.${next}`;
}

function figures(flow: FlowCard | undefined, now: number): TemplateResult {
  const constraint = flow?.constraint;
  const wait = flow?.waitlist;
  const oldest = Date.parse(wait?.oldestSince ?? '');
  return html`
    <dl class="figures">
      ${figure('Sustainable', html`${format.rate(constraint?.sustainablePerWeek)}<small>leads a week</small>`)}
      ${figure('Headroom', html`${format.count(constraint?.headroom)}<small>more leads now</small>`)}
      ${figure('Utilization', html`${format.percent(constraint?.utilization)}<small>of the constraint</small>`)}
      ${figure('Gate', html`<span class="gate" data-gate=${flow?.gate ?? 'unknown'}>${gateWord(flow)}</span><small>${flow?.gate === 'closed' ? 'leads wait' : 'leads come in'}</small>`)}
      ${figure('Waitlist', html`${leadsLink({ state: 'waitlisted' }, format.count(wait?.count), 'leads that wait at the gate')}<small>${Number.isFinite(oldest) ? `oldest ${format.span((now - oldest) / 1000)}` : `of ${format.count(wait?.limit)}`}</small>`)}
      ${figure('Next constraint', constraint?.next
        ? html`<span class="clip">${titleOf(constraint.next.pool)}</span><small>headroom ${format.count(constraint.next.headroom)}</small>`
        : html`–<small>none in sight</small>`)}
    </dl>`;
}

function gateWord(flow: FlowCard | undefined): string {
  return flow?.gate === 'open' ? 'Open' : flow?.gate === 'closed' ? 'Closed' : '–';
}

function figure(name: string, value: TemplateResult | string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
