import { html, nothing, type TemplateResult } from 'lit-html';
import { format, unknown } from '../format/format.ts';
import { sentence, titleOf } from '../format/words.ts';
import { riverView } from '../board/river.ts';
import { sharesOf } from '../board/flow.ts';
import { widestOf } from '../board/riverShape.ts';
import type { CampaignCard, FlowCard, PoolCard } from '../wire/cards.ts';
import { imagine, personCapacity, type Outlook, type Spread, type WhatIfAnswer, type Wishes } from './model.ts';

export interface WhatIf { wishes: Wishes; answer: WhatIfAnswer | null; wrong: string | null; asking: boolean; width: number }

export interface WhatIfActions { wish: (kind: 'people' | 'slots' | 'campaigns' | 'rates', id: string, value: number | null) => void; weeks: (weeks: number) => void; reset: () => void }

const campaignsMax = 4; // The busiest: more sliders than this are no longer a question.

/** Sliders, and the flow that they would make beside today's. */
export function whatIfView(state: WhatIf, flow: FlowCard, pools: readonly PoolCard[], campaigns: readonly CampaignCard[], actions: WhatIfActions): TemplateResult {
  const stages = flow.process?.stages ?? [];
  const busiest = [...campaigns].sort((a, b) => (b.demandPerWeek ?? 0) - (a.demandPerWeek ?? 0)).slice(0, campaignsMax);
  const used = pools.filter((p) => stages.some((s) => s.pool === p.id));
  return html`
    <div class="whatif-grid">
      <div class="sliders">
        ${used.filter((p) => p.kind !== 'slots').map((p) => slider(`More people in ${titleOf(p.id)}`, 0, 5, 1, state.wishes.people[p.id] ?? 0, (v) => `+${format.count(v)}`, (v) => actions.wish('people', p.id, v || null), `${format.count(personCapacity(p))} a week each`))}
        ${used.filter((p) => p.kind === 'slots').map((p) => slider(`More slots a month in ${titleOf(p.id)}`, 0, 20, 1, state.wishes.slots[p.id] ?? 0, (v) => `+${format.count(v)}`, (v) => actions.wish('slots', p.id, v || null)))}
        ${stages.map((s) => {
          const now = Math.round((s.learnedPassRate ?? s.passRate ?? 1) * 100) / 100;
          return slider(`${titleOf(s.id)} passes on`, 0, 1, 0.01, state.wishes.rates[s.id] ?? now, (v) => format.percent(v), (v) => actions.wish('rates', s.id, v === now ? null : v));
        })}
        ${busiest.map((c) => slider(c.name ?? titleOf(c.id), 0, 3, 0.1, state.wishes.campaigns[c.id] ?? 1, (v) => `×${format.rate(v)}`, (v) => actions.wish('campaigns', c.id, v === 1 ? null : v)))}
        ${slider('Weeks ahead', 1, 26, 1, state.wishes.weeks, (v) => format.count(v), actions.weeks)}
        <div class="acts left"><button type="button" @click=${actions.reset}>As it is</button></div>
      </div>
      <div class="futures" aria-busy=${state.asking}>
        <p class="said" role="status">${state.wrong ?? (state.answer ? sentence(state.answer.summary) : 'Asking…')}</p>
        ${rivers(state, flow, pools, campaigns)}
        ${state.answer ? table(state.answer) : nothing}
        <p class="quiet">Ranges hold eight futures of ten. It promises nothing and reserves nothing.${state.answer?.assumptions?.length ? ` Assumed: ${state.answer.assumptions.map(sentence).join(' ')}` : ''}</p>
      </div>
    </div>`;
}

function slider(name: string, min: number, max: number, step: number, value: number, text: (v: number) => string, set: (v: number) => void, hint = ''): TemplateResult {
  // The value is no <output>: that would be what the label names, and not the slider.
  return html`<label class="slide"><span>${name}${hint ? html` <small class="quiet">${hint}</small>` : nothing}</span><b aria-hidden="true">${text(value)}</b>
    <input type="range" min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${text(value)} @input=${(e: Event) => set(Number((e.target as HTMLInputElement).value))}></label>`;
}

function rivers(state: WhatIf, flow: FlowCard, pools: readonly PoolCard[], campaigns: readonly CampaignCard[]): TemplateResult {
  const then = state.answer ? imagine(state.wishes, state.answer, flow, pools, campaigns) : null;
  // One scale for both, or they could not be compared.
  const widest = Math.max(widestOf(flow, campaigns), then ? widestOf(then.flow, then.campaigns) : 0);
  const box = { width: Math.max(260, state.width), height: 120, gap: 8, shares: sharesOf(flow.process?.stages?.length ?? 0), widest };
  return html`<h3>Today</h3>${riverView(flow, pools, campaigns, box, 'today')}
    <h3>With the changes</h3>${then ? riverView(then.flow, then.pools, then.campaigns, box, 'with the changes') : html`<div class="river-place"></div>`}`;
}

function table({ before, after, difference }: WhatIfAnswer): TemplateResult {
  const row = (name: string, of: (o: Outlook) => string, less: string = unknown): TemplateResult => html`<tr><th scope="row">${name}</th><td>${of(before)}</td><td>${of(after)}</td><td>${less}</td></tr>`;
  const spread = (name: string, key: 'sustainablePerWeek' | 'won' | 'delivered' | 'brokenPromises', text: (v: number) => string): TemplateResult =>
    row(name, (o) => range(o[key], text), range(difference?.[key], (v) => signed(v, text)));
  const pools = new Set([...(before.waits ?? []), ...(after.waits ?? [])].map((w) => w.pool));
  return html`<table class="compare">
    <thead><tr><td></td><th scope="col">Today</th><th scope="col">With the changes</th><th scope="col">Difference</th></tr></thead>
    <tbody>
      ${row('Constraint', (o) => (o.constraint?.pool ? titleOf(o.constraint.pool) : 'none'))}
      ${spread('Sustainable, leads a week', 'sustainablePerWeek', (v) => format.rate(v))}
      ${spread('Won', 'won', (v) => format.count(v))}
      ${spread('Delivered', 'delivered', (v) => format.count(v))}
      ${spread('Broken promises', 'brokenPromises', (v) => format.percent(v))}
      ${[...pools].map((pool) => row(`Wait for ${titleOf(pool)}`, (o) => range(o.waits?.find((w) => w.pool === pool)?.p50Hours, (v) => format.span(v * 3_600))))}
      ${row('Spend', (o) => (o.spend ?? []).map((s) => range(s.amount, (v) => format.money({ amount: v, currency: s.currency }))).join(', ') || '–')}
    </tbody></table>`;
}

const signed = (value: number, text: (v: number) => string): string => (value > 0 ? `+${text(value)}` : text(value));

/** "12 (9 to 15)"; one figure where all futures agree. */
export function range(spread: Spread | null | undefined, text: (value: number) => string): string {
  const { p10, p50, p90 } = spread ?? {};
  if (typeof p50 !== 'number') return '–';
  const [low, middle, high] = [text(p10 ?? p50), text(p50), text(p90 ?? p50)];
  return low === high ? middle : `${middle} (${low} to ${high})`;
}
