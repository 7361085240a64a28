import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import type { Maybe, SpendAction } from '../wire/cards.ts';

const words: Record<SpendAction, string> = { run: 'Run', ease: 'Ease', pause: 'Pause' };

/** A spend signal, told by word, shape and colour. */
export function signalPill(action: Maybe<SpendAction>, multiplier: Maybe<number>): TemplateResult {
  const factor = action !== 'pause' && typeof multiplier === 'number' && multiplier !== 1 ? html` ×${format.rate(multiplier)}` : nothing;
  return html`<span class="signal" data-action=${action ?? 'unknown'}><i aria-hidden="true"></i>${action ? words[action] ?? action : '–'}${factor}</span>`;
}
