import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { titleOf } from '../format/words.ts';
import { act } from '../view/toast.ts';
import { path, sendJson } from '../wire/api.ts';
import { formFoot, selectField, submits, textField, textOf } from './fields.ts';
import type { Connector, Setup } from './model.ts';

// What each platform signs or calls with, to take leads in.
const secretsOf: Record<string, readonly string[]> = {
  form: [], google: ['key'], meta: ['appSecret', 'verifyToken', 'accessToken'], linkedin: ['clientSecret', 'accessToken'], tiktok: ['clientSecret'], microsoft: ['clientSecret'],
};
const words: Record<string, string> = { form: 'A form on your own page', google: 'Google lead forms', meta: 'Meta lead ads', linkedin: 'LinkedIn lead sync', tiktok: 'TikTok lead generation', microsoft: 'Microsoft Advertising' };

let platform = 'form';

/** Where platforms deliver leads: an address that nobody guesses, and the secrets they sign with. */
export function connectorsView(setup: Setup): TemplateResult {
  const present = setup.connectors.find((c) => c.id === setup.editing) ?? null;
  const chosen = present?.platform ?? platform;
  return html`
    <ul class="rows set">${repeat(setup.connectors, (c) => c.id, (c) => html`<li>
      <span><strong>${words[c.platform] ?? titleOf(c.platform)}</strong><small class="quiet">${secretWords(c)}</small>
        <label class="address">Its address <input readonly .value=${`${location.origin}${c.capturePath ?? ''}`} @focus=${(e: Event) => (e.target as HTMLInputElement).select()}></label></span>
      <span class="acts"><button type="button" class="ghost" aria-label=${`Change the connector of ${c.platform}`} @click=${() => setup.edit(c.id)}>Change</button>
      <button type="button" class="ghost" aria-label=${`Remove the connector of ${c.platform}`} @click=${(e: Event) => remove(setup, c, e)}>Remove</button></span></li>`)}</ul>
    ${keyed(`${setup.editing ?? ''}/${chosen}/${setup.connectors.length}`, html`<form @submit=${submits(async (data) => {
      await save(setup, present, chosen, data);
      return present ? 'Saved.' : 'The connector is ready: give its address to the platform.';
    })}>
      <h3>${present ? `Change ${words[chosen] ?? chosen}` : 'Add a connector'}</h3>
      <div class="grid">
        ${present ? nothing : selectField('Leads come from', 'platform', chosen, Object.entries(words), (value) => { platform = value; setup.draw(); })}
        ${(secretsOf[chosen] ?? []).map((name) => textField(`Secret: ${name}`, `secrets.${name}`, '', { type: 'password', max: 4_096, hint: present?.secrets?.[name] ? 'Is set; leave empty to keep it.' : '' }))}
      </div>
      ${formFoot(present ? 'Save' : 'Add this connector', present ? () => setup.edit(null) : undefined)}
    </form>`)}`;
}

function secretWords(connector: Connector): string {
  const set = Object.entries(connector.secrets ?? {}).filter(([, is]) => is).map(([name]) => name);
  const needed = secretsOf[connector.platform] ?? [];
  const missing = needed.filter((name) => !set.includes(name));
  return [set.length ? `${set.join(', ')} set` : needed.length ? '' : 'No secret needed', missing.length ? `${missing.join(', ')} missing` : ''].filter(Boolean).join(' · ');
}

async function save(setup: Setup, present: Connector | null, chosen: string, data: FormData): Promise<void> {
  const secrets = Object.fromEntries((secretsOf[chosen] ?? []).map((name) => [name, textOf(data, `secrets.${name}`)]).filter(([, value]) => value));
  const body = { platform: chosen, secrets, ...(present?.apiBaseUrl ? { apiBaseUrl: present.apiBaseUrl } : {}), ...(present?.campaigns ? { campaigns: present.campaigns } : {}) };
  if (present) await sendJson('PUT', path`/v1/connectors/${present.id}`, body);
  else await sendJson('POST', '/v1/connectors', body);
  setup.editing = null;
  await setup.reload();
}

function remove(setup: Setup, connector: Connector, event: Event): void {
  if (!confirm('Remove this connector? Its address stops taking leads.')) return;
  void act(event.currentTarget as HTMLButtonElement, async () => {
    await sendJson('DELETE', path`/v1/connectors/${connector.id}`);
    await setup.reload();
  }, 'Removed.');
}
