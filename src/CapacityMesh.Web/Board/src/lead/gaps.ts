import type { TraceStep } from '../wire/leads.ts';

/** Seconds between a step and the one before it; the server's own word wins. */
export function waitBefore(step: TraceStep, previous: TraceStep | undefined): number {
  if (typeof step.waitSeconds === 'number') return Math.max(0, step.waitSeconds);
  const wait = previous ? (Date.parse(step.at) - Date.parse(previous.at)) / 1000 : 0;
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** Height of a wait in the timeline: grows with its logarithm, so that a second and a month both fit on a page. */
export function gapOf(seconds: number): number {
  return seconds < 1 ? 0 : Math.min(120, Math.round(14 + 7 * Math.log2(1 + seconds / 10)));
}
