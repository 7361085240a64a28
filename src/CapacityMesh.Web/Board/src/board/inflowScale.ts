import type { ConstraintMove, InflowBucket } from '../wire/cards.ts';

export interface Bar { bucket: InflowBucket; at: number; x: number; width: number }

export interface Scale {
  bars: Bar[];
  /** Highest value shown, a round number. */
  top: number;
  y: (value: number) => number;
  /** Places of the moves that fall into the shown time. */
  moves: { move: ConstraintMove; x: number }[];
}

const barsMin = 12; // Fewer bars stand at the left, at the width they will have.
const barsMax = 200; // Narrower bars than this many on the widest screen cannot be told apart.

/** Where everything stands in a chart of the given size; pure, so that it can be tested. */
export function scaleOf(inflow: readonly InflowBucket[], moves: readonly ConstraintMove[], width: number, height: number): Scale {
  const shown = inflow.filter((bucket) => Number.isFinite(Date.parse(bucket.at))).slice(-barsMax);
  const step = width / Math.max(barsMin, shown.length);
  const bars = shown.map((bucket, i) => ({ bucket, at: Date.parse(bucket.at), x: i * step, width: step }));
  const most = Math.max(1, ...shown.map((b) => Math.max(b.captured ?? 0, b.admitted ?? 0, b.sustainable ?? 0)));
  const top = roundUp(most);
  return { bars, top, y: (value) => height - (Math.max(0, value) / top) * height, moves: placeMoves(moves, bars) };
}

function placeMoves(moves: readonly ConstraintMove[], bars: readonly Bar[]): Scale['moves'] {
  const first = bars[0];
  const last = bars[bars.length - 1];
  if (!first || !last) return [];
  const bucketMs = bars.length > 1 ? (last.at - first.at) / (bars.length - 1) : 3_600_000;
  return moves
    .map((move) => ({ move, x: ((Date.parse(move.at) - first.at) / bucketMs) * first.width }))
    .filter(({ x }) => x >= 0 && x <= last.x + last.width);
}

/** The next of 1, 2, 5, 10, 20, 50, ... */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
