import { html, type TemplateResult } from 'lit-html';

export type LeadFilter = Partial<Record<'state' | 'pool' | 'campaign' | 'person', string>>;

/** The page with the leads behind a number. */
export function leadsPath(filter: LeadFilter): string {
  return `/leads?${new URLSearchParams(filter).toString()}`;
}

/** A number that leads to the leads behind it; `what` says to a screen reader what is counted. */
export function leadsLink(filter: LeadFilter, text: string, what: string): TemplateResult {
  return html`<a class="behind" href=${leadsPath(filter)} title=${`Show the ${what}`}>${text}<span class="unseen"> ${what}</span></a>`;
}
