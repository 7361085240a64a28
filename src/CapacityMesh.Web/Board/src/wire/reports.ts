import type { Maybe } from './cards.ts';

// The reports as the API has them. Durations are ISO 8601, shares 0 to 1.

export interface AttributionRow {
  group: string;
  spend: number;
  leads: number;
  won: number;
  delivered: number;
  neverServed: number;
  cac?: Maybe<number>;
  value: number;
  valuePerConstraintUnit?: Maybe<number>;
  spendNeverServed: number;
}

export interface Attribution { currency?: Maybe<string>; constraint?: Maybe<string>; rows: AttributionRow[]; total: AttributionRow[] }

export interface Quantiles { p50?: Maybe<string>; p90?: Maybe<string> }

export interface Funnel {
  gate: { captured: number; admitted: number; waiting: number; deflected: number; expired: number; retracted: number; wait: Quantiles };
  stages: { stage: string; pool: string; in: number; out: number; lost: number; waiting: number; inHand: number; wait: Quantiles; work: Quantiles; promisesBroken: number }[];
}

export interface SpeedRow { group: string; leads: number; contacted: number; awaiting: number; never: number; toContact: Quantiles; within5Minutes?: Maybe<number>; within1Hour?: Maybe<number>; neverShare?: Maybe<number> }

export interface Speed { rows: SpeedRow[]; total: SpeedRow }

export interface Layer { wired: { code: string; text: string }[]; missing: { code: string; text: string }[] }

export interface Audit { channels: { channel: string; isWhole: boolean; capture: Layer; routing: Layer; execution: Layer; feedback: Layer }[]; unattributed?: Maybe<{ leads: number }> }
