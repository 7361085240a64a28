import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import type { CampaignCard, FlowCard, PoolCard, StageDefinition } from '../wire/cards.ts';
import { vars } from '../view/styled.ts';
import { signalPill } from './signal.ts';
import { sumOf } from './sums.ts';

/** The river from the campaigns to delivery, in the four layers. */
export function flowStrip(flow: FlowCard | undefined, pools: readonly PoolCard[], campaigns: readonly CampaignCard[], now: number): TemplateResult {
  const stages = flow?.process?.stages ?? [];
  const poolOf = new Map(pools.map((pool) => [pool.id, pool]));
  return html`
    <div class="layer">
      <h2>Capture</h2>
      ${captureNode(flow, campaigns)}
    </div>
    <div class="layer">
      <h2>Routing</h2>
      ${gateNode(flow, now)}
    </div>
    <div class="layer stages">
      <h2>Execution</h2>
      <ol class="stage-row" tabindex="0" aria-label="Stages of the process">
        ${stages.map((stage) => stageNode(stage, poolOf.get(stage.pool), flow?.constraint?.pool === stage.pool, now))}
        ${stages.length ? nothing : html`<li class="node empty">No stages yet.</li>`}
      </ol>
    </div>
    <div class="layer">
      <h2>Feedback</h2>
      ${outcomeNode(campaigns)}
    </div>`;
}

function captureNode(flow: FlowCard | undefined, campaigns: readonly CampaignCard[]): TemplateResult {
  const busiest = [...campaigns].sort((a, b) => (b.demandPerWeek ?? 0) - (a.demandPerWeek ?? 0)).slice(0, 4);
  return html`
    <div class="node">
      <p class="big">${format.count(flow?.totals?.captured)} <small>captured</small></p>
      <p class="line">${format.rate(sumOf(campaigns, (c) => c.demandPerWeek))} a week asked for, ${format.rate(flow?.constraint?.sustainablePerWeek)} sustainable</p>
      <ul class="sources">
        ${busiest.map((c) => html`<li><span class="clip">${c.name ?? titleOf(c.id)}</span>${signalPill(c.action, c.budgetMultiplier)}</li>`)}
        ${campaigns.length > busiest.length ? html`<li class="quiet">and ${format.count(campaigns.length - busiest.length)} more</li>` : nothing}
        ${campaigns.length ? nothing : html`<li class="quiet">No campaign yet.</li>`}
      </ul>
    </div>`;
}

function gateNode(flow: FlowCard | undefined, now: number): TemplateResult {
  const wait = flow?.waitlist;
  const share = wait?.limit ? Math.min(1, (wait.count ?? 0) / wait.limit) : 0;
  return html`
    <div class="node" data-tone=${flow?.gate === 'closed' ? 'tight' : 'calm'}>
      <p class="big">${format.count(flow?.totals?.admitted)} <small>admitted</small></p>
      <p class="line">Gate <span class="gate" data-gate=${flow?.gate ?? 'unknown'}>${flow?.gate ?? '–'}</span></p>
      ${meter('Waitlist', `${format.count(wait?.count)} of ${format.count(wait?.limit)}`, share, share >= 0.9)}
      <p class="line">Oldest ${since(wait?.oldestSince, now)} · ${format.count(flow?.totals?.deflected)} deflected</p>
    </div>`;
}

function stageNode(stage: StageDefinition, pool: PoolCard | undefined, isConstraint: boolean, now: number): TemplateResult {
  const counts = pool?.stages?.find((s) => s.id === stage.id) ?? (pool ? { ...pool, passed: null } : undefined);
  const oldest = Date.parse(pool?.oldestSince ?? '');
  const waited = Number.isFinite(oldest) ? Math.max(0, (now - oldest) / 1000) : 0;
  const promised = stage.promiseSeconds ?? 0;
  const late = promised > 0 && waited > promised;
  return html`
    <li class="node stage" data-tone=${isConstraint ? 'tight' : 'calm'}>
      <p class="node-head"><strong class="clip">${titleOf(stage.id)}</strong>${isConstraint ? html`<span class="tag">Constraint</span>` : nothing}</p>
      <p class="line clip">${titleOf(stage.pool)}${pool?.kind === 'people' ? ` · ${format.count(pool.available)} of ${format.count(pool.people)} available` : ' · slots'}</p>
      <dl class="counts">
        <div><dt>Queue</dt><dd>${format.count(counts?.queued)}</dd></div>
        <div><dt>${pool?.kind === 'slots' ? 'Held' : 'Offered'}</dt><dd>${format.count(counts?.offered)}</dd></div>
        <div><dt>In work</dt><dd>${format.count(counts?.inProgress)}</dd></div>
      </dl>
      ${meter('Capacity', `${format.percent(pool?.utilization)} of ${format.rate(pool?.weeklyCapacity)} a week`, pool?.utilization ?? 0, isConstraint)}
      ${meter('Oldest wait', waitText(waited, promised), promised ? waited / promised : 0, late)}
      <p class="line">${passText(stage)}${pool?.promisesBroken ? html` · <span class="bad">${format.plural(pool.promisesBroken, 'promise')} broken</span>` : nothing}</p>
    </li>`;
}

function outcomeNode(campaigns: readonly CampaignCard[]): TemplateResult {
  const delivered = sumOf(campaigns, (c) => c.totals?.delivered);
  const currencies = new Set(campaigns.map((c) => c.spend?.currency).filter(Boolean));
  const spent = currencies.size === 1 ? sumOf(campaigns, (c) => Number(c.spend?.amount ?? 0)) : null;
  const currency = [...currencies][0] ?? null;
  return html`
    <div class="node">
      <p class="big">${format.count(delivered)} <small>delivered</small></p>
      <dl class="counts">
        <div><dt>Won</dt><dd>${format.count(sumOf(campaigns, (c) => c.totals?.won))}</dd></div>
        <div><dt>Lost</dt><dd>${format.count(sumOf(campaigns, (c) => c.totals?.lost))}</dd></div>
      </dl>
      ${spent === null ? nothing : html`
        <p class="line">${format.money({ amount: spent, currency })} spent</p>
        <p class="line">${delivered ? `${format.money({ amount: spent / delivered, currency })} for each delivered` : ''}</p>`}
    </div>`;
}

function waitText(waited: number, promised: number): string {
  const text = waited ? format.span(waited) : 'none';
  return promised ? `${text} of ${format.span(promised)}` : text;
}

function passText(stage: StageDefinition): string {
  const learned = stage.learnedPassRate ?? stage.passRate;
  return learned === null || learned === undefined ? '' : `${format.percent(learned)} pass on`;
}

function since(instant: string | null | undefined, now: number): string {
  const at = Date.parse(instant ?? '');
  return Number.isFinite(at) ? format.span((now - at) / 1000) : 'none';
}

function meter(name: string, text: string, share: number, bad: boolean): TemplateResult {
  return html`
    <div class="meter" data-bad=${bad}>
      <p><span>${name}</span><span>${text}</span></p>
      <div class="track"><i ${vars({ share: Math.max(0, Math.min(1, share)).toFixed(3) })}></i></div>
    </div>`;
}
