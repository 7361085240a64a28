// The cards of the board as the server sends them. Any field may be null or missing: a card of an older or newer
// server must still be drawn. Durations are seconds, instants RFC 3339.

export type Maybe<T> = T | null | undefined;

export interface Reason { code?: Maybe<string>; text?: Maybe<string> }

export interface Money { amount?: Maybe<string | number>; currency?: Maybe<string> }

export type PoolKind = 'people' | 'slots';

export interface StageDefinition {
  id: string;
  pool: string;
  effort?: Maybe<number>;
  passRate?: Maybe<number>;
  learnedPassRate?: Maybe<number>;
  promiseSeconds?: Maybe<number>;
  wins?: Maybe<boolean>;
}

export interface ProcessDefinition {
  version?: Maybe<number>;
  risk?: Maybe<number>;
  pools?: Maybe<{ id: string; kind?: Maybe<PoolKind> }[]>;
  stages?: Maybe<StageDefinition[]>;
}

export interface Constraint {
  pool: string;
  since?: Maybe<string>;
  headroom?: Maybe<number>;
  utilization?: Maybe<number>;
  sustainablePerWeek?: Maybe<number>;
  explanation?: Maybe<string>;
  next?: Maybe<{ pool: string; headroom?: Maybe<number> }>;
  advice?: Maybe<string[]>;
}

export interface Totals {
  captured?: Maybe<number>;
  admitted?: Maybe<number>;
  waitlisted?: Maybe<number>;
  deflected?: Maybe<number>;
  won?: Maybe<number>;
  lost?: Maybe<number>;
  delivered?: Maybe<number>;
}

export interface InflowBucket { at: string; captured?: Maybe<number>; admitted?: Maybe<number>; sustainable?: Maybe<number> }

export interface ConstraintMove { at: string; from?: Maybe<string>; to?: Maybe<string>; explanation?: Maybe<string> }

export interface FlowCard {
  process?: Maybe<ProcessDefinition>;
  gate?: Maybe<'open' | 'closed'>;
  constraint?: Maybe<Constraint>;
  waitlist?: Maybe<{ count?: Maybe<number>; limit?: Maybe<number>; oldestSince?: Maybe<string> }>;
  totals?: Maybe<Totals>;
  inflow?: Maybe<InflowBucket[]>;
  moves?: Maybe<ConstraintMove[]>;
  spendVersion?: Maybe<number>;
}

export interface StageCounts {
  id: string;
  queued?: Maybe<number>;
  offered?: Maybe<number>;
  inProgress?: Maybe<number>;
  passed?: Maybe<number>;
  lost?: Maybe<number>;
}

export interface PoolCard {
  id: string;
  kind?: Maybe<PoolKind>;
  queued?: Maybe<number>;
  offered?: Maybe<number>;
  inProgress?: Maybe<number>;
  people?: Maybe<number>;
  available?: Maybe<number>;
  weeklyCapacity?: Maybe<number>;
  sustainablePerWeek?: Maybe<number>;
  headroom?: Maybe<number>;
  utilization?: Maybe<number>;
  oldestSince?: Maybe<string>;
  promisesBroken?: Maybe<number>;
  stages?: Maybe<StageCounts[]>;
}

export type PersonStatus = 'available' | 'away' | 'offline';

export interface Load {
  open?: Maybe<number>;
  reserved?: Maybe<number>;
  concurrent?: Maybe<number>;
  usedThisWeek?: Maybe<number>;
  weeklyCapacity?: Maybe<number>;
}

export interface PersonCard extends Load {
  id: string;
  name?: Maybe<string>;
  status?: Maybe<PersonStatus>;
  takesOffers?: Maybe<boolean>;
  nextFree?: Maybe<string>;
  pools?: Maybe<string[]>;
}

export type SlotState = 'open' | 'held' | 'booked' | 'started' | 'completed' | 'withdrawn' | 'missed';

export interface SlotCard {
  id: string;
  pool?: Maybe<string>;
  startsAt?: Maybe<string>;
  endsAt?: Maybe<string>;
  state?: Maybe<SlotState>;
  lead?: Maybe<string>;
}

export type SpendAction = 'run' | 'ease' | 'pause';

export interface CampaignCard {
  id: string;
  name?: Maybe<string>;
  channel?: Maybe<string>;
  action?: Maybe<SpendAction>;
  budgetMultiplier?: Maybe<number>;
  since?: Maybe<string>;
  reason?: Maybe<Reason>;
  mode?: Maybe<'apply' | 'propose'>;
  heldUntil?: Maybe<string>;
  held?: Maybe<boolean>;
  proposed?: Maybe<{ action?: Maybe<SpendAction>; budgetMultiplier?: Maybe<number>; reason?: Maybe<Reason> }>;
  totals?: Maybe<Totals>;
  spend?: Maybe<Money>;
  valuePerWin?: Maybe<Money>;
  demandPerWeek?: Maybe<number>;
}

export interface FeedItem { at: string; kind?: Maybe<string>; text?: Maybe<string>; lead?: Maybe<string> }

/** Cards by key: `flow`, `pool/sales`, `person/anna`, `slot/s1`, `campaign/spring`. */
export type Card = object;

export interface Snapshot {
  seq: number;
  asOf: string;
  workspace?: Maybe<string>;
  cards: Record<string, Card | null>;
  feed?: Maybe<FeedItem[]>;
}

export interface Delta {
  seq: number;
  asOf: string;
  cards?: Maybe<Record<string, Card | null>>;
  feed?: Maybe<FeedItem[]>;
}
