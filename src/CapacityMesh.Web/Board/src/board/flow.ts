import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import { leadsLink } from '../view/leadsLink.ts';
import type { CampaignCard, FlowCard, PoolCard, StageDefinition } from '../wire/cards.ts';
import { vars } from '../view/styled.ts';
import { riverView } from './river.ts';
import { sumOf } from './sums.ts';

const gap = 14;
const columnMin = 168; // Narrower, and a stage's numbers would not stand side by side.
const riverHeight = 168;
const narrow = 760; // The page's own breakpoint: below it the cards stand one under another.

/** Shares of the width: campaigns, gate, each stage, outcome. */
export function sharesOf(stages: number): number[] {
  return [1.15, 0.95, ...Array.from({ length: Math.max(1, stages) }, () => 1.15), 0.85];
}

/** The river from the campaigns to delivery, and under each stretch its numbers. */
export function flowStrip(flow: FlowCard | undefined, pools: readonly PoolCard[], campaigns: readonly CampaignCard[], width: number, now: number): TemplateResult {
  const stages = flow?.process?.stages ?? [];
  const shares = sharesOf(stages.length);
  const stacked = width < narrow;
  const wide = stacked ? width : Math.max(width, shares.length * (columnMin + gap));
  const poolOf = new Map(pools.map((pool) => [pool.id, pool]));
  return html`
    <div class="flow-wide" ${vars({ columns: shares.map((share) => `minmax(0, ${share}fr)`).join(' '), wide: stacked ? '100%' : `${wide}px` })}>
      ${riverView(flow, pools, campaigns, { width: wide, height: riverHeight, gap: stacked ? 6 : gap, shares })}
      <ol class="flow-cards">
        ${captureNode(flow, campaigns)}
        ${gateNode(flow, now)}
        ${stages.map((stage) => stageNode(stage, poolOf.get(stage.pool), flow, now))}
        ${stages.length ? nothing : html`<li class="node empty"><h3>Stages</h3><p class="line">None yet. <a href="/setup">Describe the process</a>.</p></li>`}
        ${outcomeNode(campaigns)}
      </ol>
    </div>`;
}

function head(layer: string, title: string, tag?: TemplateResult): TemplateResult {
  return html`<h3><small class="layer">${layer}</small><span class="node-title"><span class="clip">${title}</span>${tag ?? nothing}</span></h3>`;
}

function captureNode(flow: FlowCard | undefined, campaigns: readonly CampaignCard[]): TemplateResult {
  const count = (action: string): number => campaigns.filter((c) => c.action === action).length;
  const words = (['run', 'ease', 'pause'] as const).filter(count).map((action) => `${format.count(count(action))} ${{ run: 'running', ease: 'eased', pause: 'paused' }[action]}`);
  return html`
    <li class="node">
      ${head('Capture', 'Campaigns')}
      <p class="big">${format.count(flow?.totals?.captured)} <small>captured</small></p>
      <p class="line">${format.rate(sumOf(campaigns, (c) => c.demandPerWeek))} a week asked for</p>
      <p class="line two">${words.length ? format.names(words) : html`None yet. <a href="/setup#campaigns">Add a campaign</a>.`}</p>
    </li>`;
}

function gateNode(flow: FlowCard | undefined, now: number): TemplateResult {
  const wait = flow?.waitlist;
  const share = wait?.limit ? Math.min(1, (wait.count ?? 0) / wait.limit) : 0;
  const oldest = Date.parse(wait?.oldestSince ?? '');
  return html`
    <li class="node">
      ${head('Routing', 'Gate', html`<span class="gate" data-gate=${flow?.gate ?? 'unknown'}>${flow?.gate ?? '–'}</span>`)}
      <p class="big">${format.count(flow?.totals?.admitted)} <small>admitted</small></p>
      ${meter('Waitlist', html`${leadsLink({ state: 'waitlisted' }, format.count(wait?.count), 'leads that wait at the gate')} of ${format.count(wait?.limit)}`, share, share >= 0.9)}
      <p class="line">${Number.isFinite(oldest) ? `Oldest ${format.span((now - oldest) / 1000)}` : 'Nobody waits'}</p>
      <p class="line">${leadsLink({ state: 'deflected' }, format.count(flow?.totals?.deflected), 'leads that were turned away')} turned away</p>
    </li>`;
}

function stageNode(stage: StageDefinition, pool: PoolCard | undefined, flow: FlowCard | undefined, now: number): TemplateResult {
  const tight = flow?.constraint?.pool === stage.pool;
  const act = tight && (flow?.constraint?.headroom ?? 1) <= 0;
  const counts = pool?.stages?.find((s) => s.id === stage.id) ?? { queued: 0, offered: 0, inProgress: 0 };
  const slots = pool?.kind === 'slots';
  const number = (state: string, value: number | null | undefined, what: string): TemplateResult =>
    leadsLink({ pool: stage.pool, state }, format.count(value ?? 0), `leads ${what} in ${titleOf(stage.pool)}`);
  return html`
    <li class="node stage" data-tone=${act ? 'tight' : 'calm'}>
      ${head(titleOf(stage.pool), titleOf(stage.id), tight ? html`<span class=${act ? 'tag' : 'tag plain'}>Constraint</span>` : undefined)}
      <dl class="counts">
        <div><dt>Queue</dt><dd>${number('queued', counts.queued, 'queued')}</dd></div>
        <div><dt>${slots ? 'Held' : 'Offered'}</dt><dd>${number(slots ? 'held' : 'offered', counts.offered, slots ? 'held' : 'offered')}</dd></div>
        <div><dt>${slots ? 'Booked' : 'In work'}</dt><dd>${number(slots ? 'booked' : 'working', counts.inProgress, slots ? 'booked' : 'in work')}</dd></div>
      </dl>
      ${meter('Load', `${format.percent(pool?.utilization)}`, pool?.utilization ?? 0, act)}
      ${waitMeter(stage, pool, now)}
      <p class="line">${slots ? `${format.count(pool?.available)} open slots` : `${format.count(pool?.available)} of ${format.count(pool?.people)} available`}</p>
      <p class="line">${passText(stage)}</p>
      <p class="line" data-bad=${!!pool?.promisesBroken}>${pool?.promisesBroken ? format.plural(pool.promisesBroken, 'promise') : 'No promise'} broken</p>
    </li>`;
}

/** How long the oldest has waited, against what this stage promises. */
function waitMeter(stage: StageDefinition, pool: PoolCard | undefined, now: number): TemplateResult {
  const oldest = Date.parse(pool?.oldestSince ?? '');
  const waited = Number.isFinite(oldest) ? Math.max(0, (now - oldest) / 1000) : 0;
  const promised = stage.promiseSeconds ?? 0;
  return meter('Wait', `${waited ? format.span(waited) : 'none'}${promised ? ` of ${format.span(promised)}` : ''}`, promised ? waited / promised : 0, promised > 0 && waited > promised);
}

function outcomeNode(campaigns: readonly CampaignCard[]): TemplateResult {
  const delivered = sumOf(campaigns, (c) => c.totals?.delivered);
  const currencies = new Set(campaigns.map((c) => c.spend?.currency).filter(Boolean));
  const spent = currencies.size === 1 ? sumOf(campaigns, (c) => Number(c.spend?.amount ?? 0)) : null;
  const currency = [...currencies][0] ?? null;
  return html`
    <li class="node">
      ${head('Feedback', 'Outcome')}
      <p class="big">${leadsLink({ state: 'delivered' }, format.count(delivered), 'leads that were delivered')} <small>delivered</small></p>
      <p class="line">${format.count(sumOf(campaigns, (c) => c.totals?.won))} won · ${leadsLink({ state: 'lost' }, format.count(sumOf(campaigns, (c) => c.totals?.lost)), 'leads that were lost')} lost</p>
      ${spent === null ? nothing : html`<p class="line">${format.money({ amount: spent, currency })} spent${delivered ? `, ${format.money({ amount: spent / delivered, currency })} each` : ''}</p>`}
    </li>`;
}

function passText(stage: StageDefinition): string {
  const learned = stage.learnedPassRate ?? stage.passRate;
  return learned === null || learned === undefined ? '' : `${format.percent(learned)} pass`;
}

function meter(name: string, text: string | TemplateResult, share: number, bad: boolean): TemplateResult {
  return html`
    <div class="meter" data-bad=${bad}>
      <p><span>${name}</span><span>${text}</span></p>
      <div class="track"><i ${vars({ share: Math.max(0, Math.min(1, share)).toFixed(3) })}></i></div>
    </div>`;
}
