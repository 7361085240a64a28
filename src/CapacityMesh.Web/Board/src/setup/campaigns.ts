import { html, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { format } from '../format/format.ts';
import { titleOf } from '../format/words.ts';
import { path, sendJson } from '../wire/api.ts';
import { durationField, durationOf, formFoot, numberField, numberOf, selectField, submits, textField, textOf } from './fields.ts';
import type { Campaign, Setup } from './model.ts';
import { slugOf } from './slug.ts';

const channels = ['google', 'meta', 'linkedin', 'tiktok', 'microsoft', 'email', 'referral', 'other'] as const;

/** What brings the leads, what it promises them, and what a win is worth. */
export function campaignsView(setup: Setup): TemplateResult {
  const campaign = setup.campaigns.find((c) => c.id === setup.editing) ?? null;
  const channel = campaign?.channel ?? 'google';
  const known = channels.some((c) => c === channel) ? channels : [...channels, channel];
  return html`
    <ul class="rows set">${repeat(setup.campaigns, (c) => c.id, (c) => html`<li>
      <span><strong class="clip">${c.name ?? titleOf(c.id)}</strong><small class="quiet">${titleOf(c.channel)} · id <code>${c.id}</code> · ${c.mode === 'propose' ? 'asks before it changes' : 'changes by itself'}${c.valuePerWin ? ` · ${format.money(c.valuePerWin)} a win` : ''}</small></span>
      <span class="acts"><button type="button" class="ghost" aria-label=${`Change ${c.name ?? c.id}`} @click=${() => setup.edit(c.id)}>Change</button></span></li>`)}</ul>
    ${keyed(`${setup.editing ?? ''}/${setup.campaigns.length}`, html`<form @submit=${submits(async (data) => {
      const id = campaign?.id ?? slugOf(textOf(data, 'name'), setup.campaigns.map((c) => c.id), 'campaign');
      await sendJson('PUT', path`/v1/campaigns/${id}`, bodyOf(data, campaign));
      setup.editing = null;
      await setup.reload();
      return `${textOf(data, 'name')} is set up.`;
    })}>
      <h3>${campaign ? `Change ${campaign.name ?? campaign.id}` : 'Add a campaign'}</h3>
      <div class="grid">
        ${textField('Name', 'name', campaign?.name, { required: true })}
        ${selectField('Channel', 'channel', channel, known.map((c) => [c, titleOf(c)] as const))}
        ${numberField('A win is worth', 'valuePerWin', campaign?.valuePerWin?.amount, { hint: 'Decides who spends first when the constraint is short.' })}
        ${numberField('Daily budget', 'dailyBudget', campaign?.dailyBudget?.amount)}
        ${textField('Currency', 'currency', campaign?.valuePerWin?.currency ?? campaign?.dailyBudget?.currency ?? 'EUR', { max: 3 })}
        ${selectField('Its signal', 'mode', campaign?.mode ?? 'propose', [['propose', 'asks a person first'], ['apply', 'changes by itself']])}
        ${selectField('If we fall silent', 'onSilence', campaign?.onSilence ?? 'keep', [['keep', 'it goes on'], ['pause', 'it pauses']])}
        ${durationField('Changes at most every', 'limits.minDwell', campaign?.limits?.minDwell ?? 'PT1H')}
        ${numberField('Changes an hour, at most', 'limits.changesPerHour', campaign?.limits?.changesPerHour ?? 4)}
      </div>
      ${textField('What its leads are promised', 'promise.text', campaign?.promise?.text, { max: 1_000, hint: 'Travels with each lead to whoever serves it.', placeholder: 'Your first call within two days.' })}
      ${formFoot(campaign ? 'Save' : 'Add this campaign', campaign ? () => setup.edit(null) : undefined)}
    </form>`)}`;
}

function bodyOf(data: FormData, before: Campaign | null): object {
  const currency = textOf(data, 'currency').toUpperCase();
  const money = (name: string): object | null => {
    const amount = numberOf(data, name);
    return amount === null ? null : { amount: String(amount), currency };
  };
  const text = textOf(data, 'promise.text');
  return {
    name: textOf(data, 'name'), channel: textOf(data, 'channel'), valuePerWin: money('valuePerWin'), dailyBudget: money('dailyBudget'), mode: textOf(data, 'mode'), onSilence: textOf(data, 'onSilence'),
    limits: { minDwell: durationOf(data, 'limits.minDwell'), changesPerHour: numberOf(data, 'limits.changesPerHour') },
    ...(text ? { promise: { id: before?.promise?.id ?? 'promise', text } } : {}), ...(before?.skills?.length ? { skills: before.skills } : {}),
  };
}
