import type { Load, Maybe, Reason } from './cards.ts';

// What the desk and the lead's page read and send.

export interface ContactDetails {
  name?: Maybe<string>;
  email?: Maybe<string>;
  phone?: Maybe<string>;
  company?: Maybe<string>;
}

export interface Offer {
  leadId: string;
  stage?: Maybe<string>;
  campaign?: Maybe<string>;
  until?: Maybe<string>;
  promise?: Maybe<{ id?: Maybe<string>; text?: Maybe<string> }>;
  contact?: Maybe<ContactDetails>;
  message?: Maybe<string>;
  reason?: Maybe<Reason | string>;
}

/** The follow-up's next touch: planned, or due now. */
export interface Touch { number: number; channel: string; template?: Maybe<string>; dueAt: string; isDue?: Maybe<boolean> }

export interface OpenWork extends Offer {
  acceptedAt?: Maybe<string>;
  contactedAt?: Maybe<string>;
  contactDue?: Maybe<string>;
  touch?: Maybe<Touch>;
}

export interface Work {
  person?: Maybe<string>;
  status?: Maybe<string>;
  offers?: Maybe<Offer[]>;
  open?: Maybe<OpenWork[]>;
  load?: Maybe<Load>;
}

export interface PersonItem { id: string; name?: Maybe<string>; status?: Maybe<string> }

export interface Lead {
  id: string;
  state?: Maybe<string>;
  stage?: Maybe<string>;
  pool?: Maybe<string>;
  campaign?: Maybe<string>;
  person?: Maybe<string>;
  slot?: Maybe<string>;
  capturedAt?: Maybe<string>;
  expectedAt?: Maybe<string>;
  promisedBy?: Maybe<string>;
  until?: Maybe<string>;
  closedAt?: Maybe<string>;
  reason?: Maybe<Reason>;
}

export interface TraceStep {
  at: string;
  kind?: Maybe<string>;
  text?: Maybe<string>;
  actor?: Maybe<string>;
  reason?: Maybe<Reason>;
  waitSeconds?: Maybe<number>;
}

export interface Trace { leadId: string; steps?: Maybe<TraceStep[]> }

export interface Why { code?: Maybe<string>; text?: Maybe<string>; wouldChange?: Maybe<string[]> }

export interface LeadItem {
  id: string;
  state?: Maybe<string>;
  stage?: Maybe<string>;
  pool?: Maybe<string>;
  campaign?: Maybe<string>;
  person?: Maybe<string>;
  capturedAt?: Maybe<string>;
  promiseBroken?: Maybe<boolean>;
}

export interface LeadPage { items?: Maybe<LeadItem[]>; cursor?: Maybe<string> }
