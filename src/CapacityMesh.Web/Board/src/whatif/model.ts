import type { CampaignCard, FlowCard, Maybe, PoolCard } from '../wire/cards.ts';

/** What a reader moved the sliders to; empty means: as it is. */
export interface Wishes { people: Record<string, number>; slots: Record<string, number>; campaigns: Record<string, number>; rates: Record<string, number>; weeks: number }

export interface Spread { p10?: Maybe<number>; p50?: Maybe<number>; p90?: Maybe<number> }

export interface Outlook {
  constraint?: Maybe<{ pool?: Maybe<string>; share?: Maybe<number>; next?: Maybe<string> }>;
  sustainablePerWeek?: Maybe<Spread>;
  admitted?: Maybe<Spread>;
  won?: Maybe<Spread>;
  delivered?: Maybe<Spread>;
  brokenPromises?: Maybe<Spread>;
  waits?: Maybe<{ pool: string; p50Hours?: Maybe<Spread>; p90Hours?: Maybe<Spread> }[]>;
  spend?: Maybe<{ currency: string; amount?: Maybe<Spread> }[]>;
}

export interface WhatIfAnswer { weeks?: Maybe<number>; seeds?: Maybe<number>; summary?: Maybe<string>; before: Outlook; after: Outlook; difference?: Maybe<Outlook>; assumptions?: Maybe<string[]> }

export const noWishes = (weeks = 8): Wishes => ({ people: {}, slots: {}, campaigns: {}, rates: {}, weeks });

export const personCapacity = (pool: PoolCard): number => Math.round(pool.people ? (pool.weeklyCapacity ?? 0) / pool.people : 20) || 20;

const changesMax = 20; // What one question may hold.

/** The question as the API takes it. */
export function questionOf(wishes: Wishes, pools: readonly PoolCard[]): { weeks: number; changes: object[] } {
  const changes: object[] = [];
  for (const [pool, count] of Object.entries(wishes.people)) {
    const card = pools.find((p) => p.id === pool);
    if (count > 0 && card) changes.push({ addPeople: { pool, count, weeklyCapacity: personCapacity(card) } });
  }
  for (const [pool, perMonth] of Object.entries(wishes.slots)) if (perMonth > 0) changes.push({ addSlots: { pool, perMonth } });
  for (const [campaign, by] of Object.entries(wishes.campaigns)) if (by !== 1) changes.push({ scaleCampaign: { campaign, by } });
  for (const [stage, to] of Object.entries(wishes.rates)) changes.push({ passRate: { stage, to } });
  return { weeks: wishes.weeks, changes: changes.slice(0, changesMax) };
}

/** The cards as they would be, for the drawing only: capacity as added, reach as the pass rates say, the constraint as the answer says. */
export function imagine(wishes: Wishes, answer: WhatIfAnswer, flow: FlowCard, pools: readonly PoolCard[], campaigns: readonly CampaignCard[]): { flow: FlowCard; pools: PoolCard[]; campaigns: CampaignCard[] } {
  const stages = flow.process?.stages ?? [];
  const rates = stages.map((s) => ({ before: s.learnedPassRate ?? s.passRate ?? 1, after: wishes.rates[s.id] ?? s.learnedPassRate ?? s.passRate ?? 1 }));
  const imagined = pools.map((pool): PoolCard => {
    const at = stages.findIndex((s) => s.pool === pool.id);
    const reach = rates.slice(0, Math.max(0, at)).reduce((ratio, r) => (r.before > 0 ? ratio * (r.after / r.before) : ratio), 1);
    const capacity = pool.weeklyCapacity ?? 0;
    const more = (wishes.people[pool.id] ?? 0) * personCapacity(pool) + ((wishes.slots[pool.id] ?? 0) * 7) / 30;
    const wider = capacity > 0 ? (capacity + more) / capacity : 1;
    return { ...pool, sustainablePerWeek: reach > 0 ? ((pool.sustainablePerWeek ?? 0) * wider) / reach : pool.sustainablePerWeek ?? 0, utilization: (pool.utilization ?? 0) / Math.max(1, wider) };
  });
  const sustainable = answer.after.sustainablePerWeek?.p50 ?? flow.constraint?.sustainablePerWeek ?? null;
  const pool = answer.after.constraint?.pool;
  return {
    flow: { ...flow, constraint: pool ? { ...flow.constraint, pool, sustainablePerWeek: sustainable, headroom: 1 } : null },
    pools: imagined,
    campaigns: campaigns.map((c) => ({ ...c, demandPerWeek: (c.demandPerWeek ?? 0) * (wishes.campaigns[c.id] ?? 1), proposed: null })),
  };
}
