import { html, nothing, type TemplateResult } from 'lit-html';
import { sentence } from '../format/words.ts';
import type { Offer } from '../wire/leads.ts';

/** How to reach the person, and what they wrote. Shown here, and kept nowhere. */
export function contactView({ contact, message }: Offer): TemplateResult {
  const phone = contact?.phone?.replace(/[^+\d]/g, '');
  return html`
    <p class="reach">
      ${contact?.phone && phone ? html`<a href=${`tel:${phone}`}>${contact.phone}</a>` : nothing}
      ${contact?.email ? html`<a href=${`mailto:${encodeURIComponent(contact.email)}`}>${contact.email}</a>` : nothing}
    </p>
    ${message ? html`<blockquote>${message}</blockquote>` : nothing}`;
}

/** The message promise: what the campaign told this person, which we now have to keep. */
export function promiseView({ promise }: Offer): TemplateResult | typeof nothing {
  return promise?.text ? html`<p class="promised"><strong>They were promised:</strong> ${sentence(promise.text)}</p>` : nothing;
}
