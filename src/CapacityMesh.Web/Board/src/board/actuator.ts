import { html, nothing, type TemplateResult } from 'lit-html';
import { titleOf, wordsOf } from '../format/words.ts';
import type { Actuator } from '../wire/operations.ts';

/** How far a campaign's signal has come at the platforms that we steer. */
export function actuatorLines(actuators: readonly Actuator[]): TemplateResult | typeof nothing {
  if (!actuators.length) return nothing;
  return html`<ul class="actuators">${actuators.map((a) => {
    const { text, act } = stateOf(a);
    return html`<li data-act=${act}><strong>${titleOf(a.platform)}:</strong> ${text}.</li>`;
  })}</ul>`;
}

/** The state in words; `act` when it stays so until somebody does something. */
export function stateOf(a: Actuator): { text: string; act: boolean } {
  if (a.lastError) return { text: `cannot be steered: ${wordsOf(a.lastError.fault)}`, act: true };
  if (a.note?.startsWith('missing ')) return { text: `cannot be steered: ${a.note}`, act: true };
  if (a.drift) return { text: `somebody changed ${wordsOf(a.drift.what)} there: ${a.drift.found} instead of ${a.drift.expected}`, act: true };
  if (a.pausedBy === 'human') return { text: 'paused there by a person, and stays so', act: false };
  if (a.pausedBy === 'platform') return { text: 'held back by the platform itself', act: true };
  if (a.actuate === 'dryRun') return { text: a.planned ? `dry run; would do: ${a.planned}` : 'dry run; nothing to do', act: false };
  if (a.desired && a.applied && a.desired.action === a.applied.action && a.desired.budgetMultiplier === a.applied.budgetMultiplier) return { text: `follows: ${a.applied.action}`, act: false };
  return { text: a.note ? wordsOf(a.note) : 'the signal is on its way', act: false };
}
