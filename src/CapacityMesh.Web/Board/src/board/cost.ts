import type { CampaignCard, FlowCard, Maybe, Money } from '../wire/cards.ts';
import { sumOf } from './sums.ts';

/** What the constraint costs: leads a week that are asked for and cannot be carried, and what they would be worth. */
export interface Cost { demandPerWeek: number; unservedPerWeek: number; money: Money | null }

const worthSaying = 0.5; // Less than a lead in a fortnight is noise of the estimate.

export function costOf(flow: Maybe<FlowCard>, campaigns: readonly CampaignCard[]): Cost {
  const demandPerWeek = sumOf(campaigns, (c) => c.demandPerWeek);
  const sustainable = flow?.constraint?.sustainablePerWeek;
  const unserved = typeof sustainable === 'number' ? Math.max(0, demandPerWeek - sustainable) : 0;
  const unservedPerWeek = unserved >= worthSaying ? unserved : 0;
  const value = valueOfLead(flow, campaigns);
  return { demandPerWeek, unservedPerWeek, money: unservedPerWeek && value ? { amount: unservedPerWeek * Number(value.amount), currency: value.currency } : null };
}

/** A lead's expected worth: the campaigns' values of a win by their demand, times the chance of a win. Null across currencies. */
function valueOfLead(flow: Maybe<FlowCard>, campaigns: readonly CampaignCard[]): Money | null {
  const valued = campaigns.filter((c) => Number(c.valuePerWin?.amount) > 0 && (c.demandPerWeek ?? 0) > 0);
  const currency = valued[0]?.valuePerWin?.currency;
  if (!valued.length || valued.some((c) => c.valuePerWin?.currency !== currency)) return null;
  const mean = sumOf(valued, (c) => Number(c.valuePerWin?.amount) * (c.demandPerWeek ?? 0)) / sumOf(valued, (c) => c.demandPerWeek);
  return { amount: mean * chanceOfWin(flow), currency: currency ?? null };
}

/** The product of what the stages pass on, up to the one that wins; of all of them when none is marked. */
export function chanceOfWin(flow: Maybe<FlowCard>): number {
  const stages = flow?.process?.stages ?? [];
  const last = stages.findIndex((stage) => stage.wins);
  return stages.slice(0, last < 0 ? stages.length : last + 1).reduce((chance, stage) => chance * (stage.learnedPassRate ?? stage.passRate ?? 1), 1);
}
