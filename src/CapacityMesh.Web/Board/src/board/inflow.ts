import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { sentence, titleOf } from '../format/words.ts';
import type { ConstraintMove, FlowCard } from '../wire/cards.ts';
import { scaleOf, type Bar, type Scale } from './inflowScale.ts';

const height = 220;
const gutter = { left: 34, top: 26, bottom: 22 }; // Room for the scale, the moves' names and the times.
const labelWidth = 84; // "Sun, Nov 22" and air.

export interface ChartState { width: number; chosen: number | null; choose: (index: number | null) => void }

/** Leads captured and admitted over time, against what the system could carry, with the constraint's moves. */
export function inflowChart(inflow: FlowCard['inflow'], moves: FlowCard['moves'], state: ChartState): TemplateResult {
  if (!inflow?.length) return html`<p class="quiet">No lead has come yet.</p>`;
  const plot = { width: Math.max(120, state.width - gutter.left), height: height - gutter.top - gutter.bottom };
  const scale = scaleOf(inflow, moves ?? [], plot.width, plot.height);
  const chosen = scale.bars[state.chosen ?? scale.bars.length - 1] ?? scale.bars[scale.bars.length - 1];
  if (!chosen) return html`<p class="quiet">Nothing to draw yet.</p>`;
  const daily = isDaily(scale.bars);
  return html`
    <p class="readout" aria-live=${state.chosen === null ? 'off' : 'polite'}>${readout(chosen, daily)}</p>
    <svg class="chart" width=${state.width} height=${height} tabindex="0" role="img"
      aria-label="Leads captured and admitted over time against capacity. Arrow keys read it bar by bar."
      @pointermove=${(e: PointerEvent) => state.choose(barAt(e, scale))} @pointerleave=${() => state.choose(null)}
      @keydown=${(e: KeyboardEvent) => onKey(e, scale, state)} @blur=${() => state.choose(null)}>
      <g transform=${`translate(${gutter.left} ${gutter.top})`}>
        ${grid(scale, plot.width)}
        ${scale.bars.map((bar) => barShape(bar, scale, plot.height, state.chosen !== null && bar === chosen))}
        <path class="capacity" d=${capacityPath(scale)}></path>
        ${moveMarks(scale, plot.height, plot.width)}
        ${times(scale, plot.height, plot.width, daily)}
      </g>
    </svg>
    <ul class="legend" aria-hidden="true"><li><i class="k captured"></i>captured</li><li><i class="k admitted"></i>admitted</li><li><i class="k capacity"></i>sustainable</li><li><i class="k move"></i>constraint moved</li></ul>
    ${moveList(moves ?? [])}`;
}

function readout(bar: Bar, daily: boolean): string {
  const when = daily ? format.day(bar.at) : `${format.day(bar.at)} ${format.time(bar.at)}`;
  const { captured, admitted, sustainable } = bar.bucket;
  return `${when}: ${format.count(captured)} captured, ${format.count(admitted)} admitted, ${format.rate(sustainable)} sustainable`;
}

function isDaily(bars: readonly Bar[]): boolean {
  return bars.length > 1 && bars[1]!.at - bars[0]!.at >= 20 * 3_600_000;
}

function grid(scale: Scale, width: number): TemplateResult[] {
  return [0, scale.top / 2, scale.top].map((value) => svg`
    <line class="grid" x1="0" x2=${width} y1=${scale.y(value)} y2=${scale.y(value)}></line>
    <text class="axis" x="-6" y=${scale.y(value) + 4} text-anchor="end">${format.rate(value)}</text>`);
}

function barShape(bar: Bar, scale: Scale, plotHeight: number, chosen: boolean): TemplateResult {
  const inset = bar.width > 5 ? 1 : 0;
  const width = Math.max(0.5, bar.width - 2 * inset);
  const rect = (name: string, value: number): TemplateResult => svg`
    <rect class=${name} x=${bar.x + inset} width=${width} y=${scale.y(value)} height=${plotHeight - scale.y(value)}></rect>`;
  return svg`<g data-chosen=${chosen}>${rect('captured', bar.bucket.captured ?? 0)}${rect('admitted', bar.bucket.admitted ?? 0)}</g>`;
}

function capacityPath(scale: Scale): string {
  let path = '';
  for (const bar of scale.bars) {
    const value = bar.bucket.sustainable;
    if (value === null || value === undefined) continue;
    path += `${path ? 'L' : 'M'}${bar.x.toFixed(1)} ${scale.y(value).toFixed(1)}H${(bar.x + bar.width).toFixed(1)}`;
  }
  return path;
}

function moveMarks(scale: Scale, plotHeight: number, width: number): TemplateResult[] {
  let freeFrom = -Infinity; // Names that would run into each other are left to the list below the chart.
  return scale.moves.map(({ move, x }) => {
    const name = titleOf(move.to);
    const textWidth = name.length * 6.5 + 10;
    const start = x + textWidth > width ? x - textWidth : x;
    const fits = start >= freeFrom;
    if (fits) freeFrom = start + textWidth;
    return svg`<g class="moved">
      <line x1=${x} x2=${x} y1="-12" y2=${plotHeight}></line>
      ${fits ? svg`<text x=${start + 4} y="-8">${name}</text>` : nothing}
    </g>`;
  });
}

function times(scale: Scale, plotHeight: number, width: number, daily: boolean): TemplateResult[] {
  const every = Math.max(1, Math.ceil(labelWidth / (scale.bars[0]?.width ?? labelWidth)));
  return scale.bars.filter((bar, i) => i % every === 0 && bar.x + 50 < width).map((bar) => svg`
    <text class="axis" x=${bar.x} y=${plotHeight + 16}>${daily ? format.day(bar.at) : format.time(bar.at)}</text>`);
}

function moveList(moves: readonly ConstraintMove[]): TemplateResult {
  const last = moves.slice(-3).reverse();
  return html`<ol class="moves" tabindex="0" aria-label="How the constraint moved">${last.map((move) => html`
    <li><time class="num quiet" datetime=${move.at} title=${format.full(move.at)}>${format.day(Date.parse(move.at))} ${format.time(Date.parse(move.at))}</time>
      <span>${move.from ? `${titleOf(move.from)} → ` : ''}<strong>${titleOf(move.to)}</strong>. ${sentence(move.explanation)}</span></li>`)}</ol>`;
}

function barAt(event: PointerEvent, scale: Scale): number | null {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const step = scale.bars[0]?.width ?? 1;
  const index = Math.floor((event.clientX - box.left - gutter.left) / step);
  return index >= 0 && index < scale.bars.length ? index : null;
}

function onKey(event: KeyboardEvent, scale: Scale, state: ChartState): void {
  const last = scale.bars.length - 1;
  const at = state.chosen ?? last;
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  state.choose(Math.max(0, Math.min(last, next)));
}
