import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import type { CampaignCard, FlowCard, PoolCard } from '../wire/cards.ts';
import { riverOf, type Box, type River, type Source, type Stretch } from './riverShape.ts';

/** The flow as a river: wide where there is capacity, filled by load, marked only where somebody must act. */
export function riverView(flow: FlowCard | undefined, pools: readonly PoolCard[], campaigns: readonly CampaignCard[], box: Box, name = 'now'): TemplateResult {
  const river = riverOf(flow, pools, campaigns, box);
  const tight = flow?.constraint?.pool;
  const stages = flow?.process?.stages ?? [];
  const isTight = (stretch: Stretch): boolean => stages.find((s) => s.id === stretch.id)?.pool === tight;
  const act = (flow?.constraint?.headroom ?? 1) <= 0;
  return html`
    <svg class="river" width=${box.width} height=${box.height} role="img" aria-label=${`${wordsOf(flow, pools)} (${name})`}>
      ${river.sources.map((source) => sourceShape(source, river))}
      <path class="bed" d=${river.outline}></path>
      ${river.stretches.filter(isTight).map((s) => svg`<rect class="narrow" data-act=${act} x=${s.from} width=${s.to - s.from} y=${river.middle - s.half} height=${2 * s.half}></rect>`)}
      <path class="water" d=${river.load}></path>
      ${river.stretches.filter(isTight).map((s) => svg`<rect class="strait" data-act=${act} x=${s.from} width=${s.to - s.from} y=${river.middle - s.filled} height=${2 * s.filled}></rect>`)}
      ${gateShape(river, flow)}
      ${river.stretches.map((s) => label(s, stages.find((stage) => stage.id === s.id)?.pool, pools, river, isTight(s)))}
    </svg>`;
}

function sourceShape(source: Source, river: River): TemplateResult {
  const from = Math.min(150, river.gate.x * 0.55);
  const to = river.gate.x - 5;
  const mid = (from + to) / 2;
  const end = river.middle + ((source.y - river.middle) / river.middle) * Math.min(river.gate.half, river.middle - 4);
  const paused = source.campaign?.action === 'pause';
  return svg`
    <path class="stream" data-action=${source.campaign?.action ?? 'run'} data-ask=${!!source.campaign?.proposed} stroke-width=${paused ? 2 : source.height}
      d=${`M${from} ${source.y}C${mid} ${source.y} ${mid} ${end} ${to} ${end}`}></path>
    <text x="0" y=${source.y - 1} class="name">${clip(source.name, from)}</text>
    <text x="0" y=${source.y + 12}>${format.rate(source.rate)} a week</text>`;
}

const clip = (text: string, width: number): string => {
  const fits = Math.max(4, Math.floor(width / 7.2));
  return [...text].length > fits ? `${[...text].slice(0, fits - 1).join('')}…` : text;
};

function gateShape(river: River, flow: FlowCard | undefined): TemplateResult {
  const closed = flow?.gate === 'closed';
  const opening = closed ? 0 : Math.max(8, river.stretches[0]?.half ?? river.gate.half);
  const waiting = flow?.waitlist?.count ?? 0;
  return svg`<g class="barrier" data-gate=${flow?.gate ?? 'unknown'}>
    <rect x=${river.gate.x - 4} width="8" rx="3" y="2" height=${Math.max(0, river.middle - opening - 2)}></rect>
    <rect x=${river.gate.x - 4} width="8" rx="3" y=${river.middle + opening} height=${Math.max(0, river.middle - opening - 2)}></rect>
    ${waiting ? svg`<text class="pond" x=${river.gate.x - 12} y=${river.middle + 4} text-anchor="end">${format.count(waiting)} wait</text>` : nothing}
  </g>`;
}

function label(s: Stretch, poolId: string | undefined, pools: readonly PoolCard[], river: River, tight: boolean): TemplateResult {
  const pool = pools.find((p) => p.id === poolId);
  if (s.to - s.from < 60) return svg``;
  const text = `${format.rate(pool?.sustainablePerWeek)}${s.to - s.from > 110 ? ' a week' : ''}`;
  const inside = s.half >= 13;
  return svg`<text class="carries" data-tight=${tight} x=${(s.from + s.to) / 2} y=${inside ? river.middle + 5 : river.middle - s.half - 8} text-anchor="middle">${text}</text>`;
}

function wordsOf(flow: FlowCard | undefined, pools: readonly PoolCard[]): string {
  const stages = flow?.process?.stages ?? [];
  if (!stages.length) return 'The flow has no stages yet';
  const parts = stages.map((stage) => {
    const pool = pools.find((p) => p.id === stage.pool);
    return `${titleOf(stage.id)} can carry ${format.rate(pool?.sustainablePerWeek)} leads a week and is ${format.percent(pool?.utilization)} loaded`;
  });
  return `The flow from campaigns to delivery: ${format.names(parts)}`;
}
