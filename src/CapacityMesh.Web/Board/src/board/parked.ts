import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { sentence } from '../format/words.ts';
import { act } from '../view/toast.ts';
import { postJson } from '../wire/api.ts';
import type { Parked } from '../wire/operations.ts';

/** Commands that a machine kept failing on. Nothing is lost; each waits for somebody to try it again once its cause is mended. */
export function parkedList(parked: readonly Parked[], now: number, retried: () => void): TemplateResult {
  return html`<ul class="rows parked">${repeat(parked, (p) => p.id, (p) => html`<li>
    <p><strong class="clip">${p.from} → ${p.to}</strong><span>${sentence(p.reason)}</span>
      <small class="quiet"><time datetime=${p.parkedAt} title=${format.full(p.parkedAt)}>${format.ago(p.parkedAt, now)}</time></small></p>
    <button type="button" aria-label=${`Retry the command from ${p.from} to ${p.to}`}
      @click=${(e: Event) => void act(e.currentTarget as HTMLButtonElement, () => postJson('/v1/parked/retry', { id: p.id }), 'Tried again.').then(retried)}>Retry</button></li>`)}</ul>`;
}
