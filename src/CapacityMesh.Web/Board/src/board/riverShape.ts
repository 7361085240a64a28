import type { CampaignCard, FlowCard, Maybe, PoolCard } from '../wire/cards.ts';
import { sumOf } from './sums.ts';

// The river is drawn in new leads a week: what campaigns bring, what each stage's pool can carry of it, and how loaded it is.

/** A stretch of the river above one column of the flow: half its height is drawn on each side of the middle. */
export interface Stretch { id: string; from: number; to: number; half: number; filled: number; capped: boolean }

export interface Source { campaign: CampaignCard | null; name: string; rate: number; y: number; height: number }

export interface River { sources: Source[]; stretches: Stretch[]; gate: { x: number; half: number }; outline: string; load: string; height: number; middle: number }

export interface Box { width: number; height: number; gap: number; shares: readonly number[]; widest?: number }

const sourcesMax = 5;
const threadMin = 1.2; // An idle stretch shows a thread, so that the river never breaks off.
const halfMin = 3; // A pool that carries nothing is still a line that can be seen.

/** Left and right of every column, as the grid below the river lays them out. */
export function columnsOf(box: Box): { from: number; to: number }[] {
  const free = box.width - box.gap * (box.shares.length - 1);
  const all = box.shares.reduce((sum, share) => sum + share, 0);
  let x = 0;
  return box.shares.map((share) => {
    const from = x;
    x += (free * share) / all + box.gap;
    return { from, to: x - box.gap };
  });
}

export function riverOf(flow: Maybe<FlowCard>, pools: readonly PoolCard[], campaigns: readonly CampaignCard[], box: Box): River {
  const columns = columnsOf(box);
  const middle = box.height / 2;
  const halfMax = middle - 4;
  const demand = sumOf(campaigns, (c) => c.demandPerWeek);
  const widest = box.widest ?? widestOf(flow, campaigns);
  const halfOf = (rate: number): number => Math.max(halfMin, Math.min(halfMax, (rate / widest) * halfMax));
  const stretches = (flow?.process?.stages ?? []).map((stage, i): Stretch => {
    const pool = pools.find((p) => p.id === stage.pool);
    const rate = pool?.sustainablePerWeek ?? 0;
    const half = halfOf(rate);
    const column = columns[i + 2] ?? { from: box.width, to: box.width };
    return { id: stage.id, ...column, half, filled: Math.max(threadMin, half * Math.min(1, pool?.utilization ?? 0)), capped: rate > widest };
  });
  const gateAt = columns[1] ?? { from: 0, to: 0 };
  const gate = { x: (gateAt.from + gateAt.to) / 2, half: halfOf(demand) };
  const end = columns[columns.length - 1] ?? { from: box.width, to: box.width };
  return { sources: sourcesOf(campaigns, demand, halfOf, middle, halfMax), stretches, gate, height: box.height, middle, ...pathsOf(stretches, gate.x, end.from, middle) };
}

/** The rate that fills the whole height; wider pools reach the edge, and how much wider matters to nobody. */
export function widestOf(flow: Maybe<FlowCard>, campaigns: readonly CampaignCard[]): number {
  return Math.max(1, sumOf(campaigns, (c) => c.demandPerWeek), (flow?.constraint?.sustainablePerWeek ?? 0) * 2.5);
}

function sourcesOf(campaigns: readonly CampaignCard[], demand: number, halfOf: (rate: number) => number, middle: number, halfMax: number): Source[] {
  const sorted = [...campaigns].sort((a, b) => (b.demandPerWeek ?? 0) - (a.demandPerWeek ?? 0));
  const shown = sorted.length > sourcesMax ? sorted.slice(0, sourcesMax - 1) : sorted;
  const rest = sorted.slice(shown.length);
  const rows: Omit<Source, 'y' | 'height'>[] = shown.map((c) => ({ campaign: c, name: c.name ?? c.id, rate: c.demandPerWeek ?? 0 }));
  if (rest.length) rows.push({ campaign: null, name: `${rest.length} more`, rate: sumOf(rest, (c) => c.demandPerWeek) });
  const step = (2 * halfMax) / Math.max(1, rows.length);
  return rows.map((row, i) => ({
    ...row,
    y: middle - halfMax + step * (i + 0.5),
    height: Math.max(2, Math.min(step - 6, 2 * halfOf(demand) * (demand > 0 ? row.rate / demand : 0))),
  }));
}

/** Two closed shapes from the gate to the end: the banks, and what fills them. */
function pathsOf(stretches: readonly Stretch[], from: number, to: number, middle: number): { outline: string; load: string } {
  return { outline: shapeOf(stretches, (s) => s.half, from, to, middle), load: shapeOf(stretches, (s) => s.filled, from, to, middle) };
}

function shapeOf(stretches: readonly Stretch[], half: (s: Stretch) => number, from: number, to: number, middle: number): string {
  const first = stretches[0];
  const last = stretches[stretches.length - 1];
  if (!first || !last) return '';
  const points = [{ x: from, h: half(first) }, ...stretches.flatMap((s) => [{ x: s.from, h: half(s) }, { x: s.to, h: half(s) }]), { x: to, h: half(last) }];
  const top = bank(points.map((p) => ({ x: p.x, y: middle - p.h })));
  const bottom = bank([...points].reverse().map((p) => ({ x: p.x, y: middle + p.h })));
  return `M${top}L${bottom}Z`;
}

function bank(points: readonly { x: number; y: number }[]): string {
  const text = (n: number): string => n.toFixed(1);
  return points.reduce((path, p, i) => {
    const before = points[i - 1];
    if (!before) return `${text(p.x)} ${text(p.y)}`;
    const mid = (before.x + p.x) / 2;
    return before.y === p.y ? `${path}L${text(p.x)} ${text(p.y)}` : `${path}C${text(mid)} ${text(before.y)} ${text(mid)} ${text(p.y)} ${text(p.x)} ${text(p.y)}`;
  }, '');
}
