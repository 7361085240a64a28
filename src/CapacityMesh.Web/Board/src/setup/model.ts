import type { Maybe, Money, PoolKind } from '../wire/cards.ts';

// What the set-up reads and sends: the bodies of the API, as its description has them.

export interface PoolRow { id: string; kind: PoolKind }

export interface StageRow { id: string; pool: string; effort?: Maybe<number>; passRate?: Maybe<number>; promise?: Maybe<string>; firstResponse?: Maybe<string>; wins?: Maybe<boolean>; followUp?: Maybe<object> }

export interface Process {
  version?: number;
  pools: PoolRow[];
  stages: StageRow[];
  risk?: Maybe<number>;
  offerTimeout?: Maybe<string>;
  holdTimeout?: Maybe<string>;
  workLease?: Maybe<string>;
  reofferAfter?: Maybe<string>;
  waitlist?: Maybe<{ limit?: Maybe<number>; expires?: Maybe<string> }>;
  gate?: Maybe<string>;
}

export interface Hours { timeZone?: Maybe<string>; week?: Maybe<{ day: string; from: string; to: string }[]> }

export interface Person {
  id: string;
  name?: Maybe<string>;
  pools?: Maybe<string[]>;
  weeklyCapacity?: Maybe<number>;
  concurrent?: Maybe<number>;
  skills?: Maybe<string[]>;
  hours?: Maybe<Hours>;
  away?: Maybe<{ from: string; to: string | null }[]>;
}

export interface Slot { id: string; pool: string; startsAt: string; endsAt: string; state?: Maybe<string> }

export interface Campaign {
  id: string;
  name?: Maybe<string>;
  channel?: Maybe<string>;
  promise?: Maybe<{ id?: Maybe<string>; text?: Maybe<string> }>;
  valuePerWin?: Maybe<Money>;
  dailyBudget?: Maybe<Money>;
  mode?: Maybe<string>;
  onSilence?: Maybe<string>;
  limits?: Maybe<{ minDwell?: Maybe<string>; changesPerHour?: Maybe<number> }>;
  skills?: Maybe<string[]>;
}

export interface Connector { id: string; platform: string; secrets?: Maybe<Record<string, boolean>>; capturePath?: Maybe<string>; apiBaseUrl?: Maybe<string>; campaigns?: Maybe<Record<string, string>> }

export interface Key { id: string; role: string; note?: Maybe<string>; createdAt?: Maybe<string>; expires?: Maybe<string> }

/** Everything the page shows, and what it asks of the rest. */
export interface Setup {
  process: Process | null;
  people: readonly Person[];
  slots: readonly Slot[];
  campaigns: readonly Campaign[];
  connectors: readonly Connector[];
  keys: readonly Key[] | null;
  /** The id that a section's form is about; null means a new one. */
  editing: string | null;
  edit: (id: string | null) => void;
  /** Reads everything again and draws. */
  reload: () => Promise<void>;
  draw: () => void;
}

export const poolsOf = (setup: Setup, kind: PoolKind): PoolRow[] => (setup.process?.pools ?? []).filter((pool) => pool.kind === kind);
