import type { Maybe, SpendAction } from './cards.ts';

// What the board shows of the machinery behind it.

export interface Parked { id: string; from: string; to: string; reason: string; parkedAt: string }

export interface Wanted { action: SpendAction; budgetMultiplier: number; version: number }

/** One campaign at one platform. */
export interface Actuator {
  connector: string;
  platform: string;
  platformCampaign: string;
  campaign: string;
  actuate: 'off' | 'dryRun' | 'apply';
  desired?: Maybe<Wanted>;
  applied?: Maybe<Wanted>;
  pausedBy?: Maybe<'us' | 'human' | 'platform' | 'nobody'>;
  drift?: Maybe<{ what: string; expected: string; found: string }>;
  note?: Maybe<string>;
  lastError?: Maybe<{ what: string; fault: string }>;
  planned?: Maybe<string>;
}
