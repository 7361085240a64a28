import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import { act } from '../view/toast.ts';
import { path, sendJson } from '../wire/api.ts';
import { formFoot, selectField, submits, textField, textOf } from './fields.ts';
import { instantOf } from '../format/localTime.ts';
import type { Key, Setup } from './model.ts';

const roles = [['capture', 'Capture: leads in'], ['spend', 'Spend: reads and acknowledges signals'], ['operator', 'Operator: runs the business'], ['admin', 'Admin: everything']] as const;

let made: { id: string; key: string } | null = null;

/** Keys for programs and colleagues; each is shown once, when it is made. */
export function keysView(setup: Setup): TemplateResult {
  if (!setup.keys) return html`<p class="quiet">Only a key of the role admin may see and make keys.</p>`;
  return html`
    <div role="status">${made ? html`<div class="made"><label>The new key, shown this once <input readonly .value=${made.key} @focus=${(e: Event) => (e.target as HTMLInputElement).select()}></label>
      <button type="button" @click=${() => { made = null; setup.draw(); }}>I have kept it</button></div>` : nothing}</div>
    <ul class="rows set">${repeat(setup.keys, (k) => k.id, (k) => html`<li>
      <span><strong>${titleOf(k.role)}</strong><small class="quiet">${k.note || 'No note'} · made ${format.day(Date.parse(k.createdAt ?? ''))}${k.expires ? ` · until ${format.day(Date.parse(k.expires))}` : ''}</small></span>
      <span class="acts"><button type="button" class="ghost" aria-label=${`Withdraw the key ${k.note ?? k.id}`} @click=${(e: Event) => withdraw(setup, k, e)}>Withdraw</button></span></li>`)}</ul>
    ${keyed(setup.keys.length, html`<form @submit=${submits(async (data) => {
      const expires = instantOf(textOf(data, 'expires'));
      made = await sendJson<{ id: string; key: string }>('POST', '/v1/keys', { role: textOf(data, 'role'), note: textOf(data, 'note'), ...(expires ? { expires } : {}) });
      await setup.reload();
      return 'The key is made. Copy it now: it is not shown again.';
    })}>
      <h3>Make a key</h3>
      <div class="grid">
        ${selectField('Role', 'role', 'capture', roles)}
        ${textField('Note', 'note', '', { hint: 'Who or what uses it.' })}
        ${textField('Expires', 'expires', '', { type: 'datetime-local', hint: 'Empty: until it is withdrawn.' })}
      </div>
      ${formFoot('Make this key')}
    </form>`)}`;
}

function withdraw(setup: Setup, key: Key, event: Event): void {
  if (!confirm('Withdraw this key? Whoever uses it is turned away from now on.')) return;
  void act(event.currentTarget as HTMLButtonElement, async () => {
    await sendJson('DELETE', path`/v1/keys/${key.id}`);
    await setup.reload();
  }, 'Withdrawn.');
}
