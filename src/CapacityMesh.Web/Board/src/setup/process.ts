import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { titleOf } from '../format/words.ts';
import { sendJson } from '../wire/api.ts';
import { checkField, durationField, durationOf, formFoot, numberField, numberOf, selectField, submits, textField, textOf } from './fields.ts';
import type { Process, Setup, StageRow } from './model.ts';
import { slugOf } from './slug.ts';

interface Draft { key: number; name: string; pool: string; kind: 'people' | 'slots'; stage: StageRow }

let keys = 0;

const draft = (name: string, pool: string, kind: Draft['kind'], passRate: number, promise: string, wins = false): Draft =>
  ({ key: ++keys, name, pool, kind, stage: { id: slugOf(name), pool: slugOf(pool), effort: 1, passRate, promise, firstResponse: kind === 'people' ? 'PT4H' : null, wins } });

const examples: Record<string, () => Draft[]> = {
  'Sales, founder, onboarding': () => [draft('Discovery', 'Sales', 'people', 0.4, 'P2D'), draft('Review', 'Founder', 'people', 0.5, 'P3D', true), draft('Onboarding', 'Onboarding', 'slots', 1, 'P30D')],
  'One sales team': () => [draft('Conversation', 'Sales', 'people', 0.3, 'P1D', true)],
  'Appointments only': () => [draft('Appointment', 'Practice', 'slots', 1, 'P14D', true)],
};

const stagesMax = 20; // The API's own limit.
let rows: Draft[] | null = null;
let shownFor: Process | null = null;

/** The stages that a lead passes, and who serves them; published whole, as a new version. */
export function processView(setup: Setup): TemplateResult {
  if (!rows || shownFor !== setup.process) [rows, shownFor] = [setup.process ? draftsOf(setup.process) : examples['Sales, founder, onboarding']!(), setup.process];
  const change = (next: Draft[], form: HTMLFormElement | null): void => {
    rows = next;
    if (form) setup.draw();
  };
  return html`
    <p class="quiet">A lead passes these stages in order. Each is served by a pool of people, or by planned slots. ${setup.process?.version ? `Version ${setup.process.version} is in force; a change is a new version, and leads under way keep theirs.` : ''}</p>
    ${setup.process ? nothing : html`<div class="acts left" role="group" aria-label="Begin with an example">${Object.keys(examples).map((name) => html`<button type="button" @click=${() => { rows = examples[name]!(); setup.draw(); }}>${name}</button>`)}</div>`}
    <form @submit=${submits(async (data) => {
      const process = bodyOf(data, rows?.length ?? 0, setup.process);
      await sendJson('PUT', '/v1/process', process);
      await setup.reload();
      return 'The process is published.';
    })}>
      <ol class="stages-form">${repeat(rows, (row) => row.key, (row, i) => stageFields(row, i, (form) => change((rows ?? []).filter((r) => r.key !== row.key), form)))}</ol>
      <div class="acts left"><button type="button" ?disabled=${rows.length >= stagesMax} @click=${(e: Event) => change([...keep(e), draft('', '', 'people', 0.5, 'P2D')], formOf(e))}>Add a stage</button></div>
      <details><summary>Rules for all stages</summary><div class="grid">
        ${numberField('Risk of a broken promise, %', 'risk', percent(setup.process?.risk ?? 0.1), { hint: 'How many promises in a hundred may break.' })}
        ${durationField('An offer stands', 'offerTimeout', setup.process?.offerTimeout ?? 'PT5M')}
        ${durationField('A slot is held', 'holdTimeout', setup.process?.holdTimeout ?? 'P1D')}
        ${durationField('Untouched work returns after', 'workLease', setup.process?.workLease ?? 'P14D')}
        ${numberField('Leads that may wait', 'waitlist.limit', setup.process?.waitlist?.limit ?? 200)}
        ${durationField('A lead waits at most', 'waitlist.expires', setup.process?.waitlist?.expires ?? 'P14D')}
      </div></details>
      ${formFoot('Publish the process')}
    </form>`;
}

const formOf = (event: Event): HTMLFormElement | null => (event.currentTarget as HTMLElement).closest('form');

/** What was written so far, so that a new row does not lose it. */
function keep(event: Event): Draft[] {
  const form = formOf(event);
  if (!form || !rows) return rows ?? [];
  const data = new FormData(form);
  return rows.map((row, i) => ({ ...draftFrom(data, i), key: row.key }));
}

function draftFrom(data: FormData, i: number): Draft {
  const at = (name: string): string => `stages[${i}].${name}`;
  const kind = textOf(data, at('kind')) === 'slots' ? 'slots' : 'people';
  const rate = numberOf(data, at('passRate'));
  return {
    key: 0, name: textOf(data, at('id')), pool: textOf(data, at('pool')), kind,
    stage: {
      id: slugOf(textOf(data, at('id')), [], 'stage'), pool: slugOf(textOf(data, at('pool')), [], 'pool'), effort: numberOf(data, at('effort')) as number,
      passRate: (typeof rate === 'number' ? Math.round(rate * 100) / 10_000 : rate) as number, promise: durationOf(data, at('promise')), firstResponse: durationOf(data, at('firstResponse')), wins: data.has(at('wins')),
    },
  };
}

function stageFields(row: Draft, i: number, remove: (form: HTMLFormElement | null) => void): TemplateResult {
  const at = (name: string): string => `stages[${i}].${name}`;
  return html`<li><fieldset><legend>Stage ${i + 1}</legend><div class="grid">
    ${textField('Name', at('id'), row.name, { required: true, max: 60 })}
    ${textField('Served by the pool', at('pool'), row.pool, { required: true, max: 60 })}
    ${selectField('A pool of', at('kind'), row.kind, [['people', 'people'], ['slots', 'planned slots']])}
    ${durationField('Promised within', at('promise'), row.stage.promise)}
    ${numberField('Pass on, %', at('passRate'), percent(row.stage.passRate))}
    ${durationField('First contact within', at('firstResponse'), row.stage.firstResponse)}
    ${numberField('Effort, units', at('effort'), row.stage.effort ?? 1)}
    </div><div class="row-foot">${checkField('A pass here is a win', at('wins'), row.stage.wins ?? false)}
    <button type="button" class="ghost" aria-label=${`Remove stage ${i + 1}`} @click=${(e: Event) => { rows = keep(e); remove(formOf(e)); }}>Remove</button></div></fieldset></li>`;
}

const percent = (share: number | null | undefined): number | null => (typeof share === 'number' ? Math.round(share * 10_000) / 100 : null);

function draftsOf(process: Process): Draft[] {
  return process.stages.map((stage) => ({ key: ++keys, name: titleOf(stage.id), pool: titleOf(stage.pool), kind: process.pools.find((p) => p.id === stage.pool)?.kind ?? 'people', stage }));
}

/** The body to publish: pools are what the stages name. Ids of the process in force stay as they are. */
export function bodyOf(data: FormData, count: number, before: Process | null): object {
  const drafts = Array.from({ length: count }, (_, i) => draftFrom(data, i));
  const known = (name: string, ids: string[]): string | undefined => ids.find((id) => titleOf(id) === name || id === name);
  const stageIds = before?.stages.map((s) => s.id) ?? [];
  const poolIds = before?.pools.map((p) => p.id) ?? [];
  const stages = drafts.map((d) => {
    const id = known(d.name, stageIds) ?? d.stage.id;
    const followUp = before?.stages.find((s) => s.id === id)?.followUp; // The form does not show it, and must not lose it.
    return { ...d.stage, id, pool: known(d.pool, poolIds) ?? d.stage.pool, ...(followUp ? { followUp } : {}) };
  });
  const pools = new Map(drafts.map((d, i) => [stages[i]!.pool, d.kind]));
  const risk = numberOf(data, 'risk');
  return {
    pools: [...pools].map(([id, kind]) => ({ id, kind })), stages,
    risk: typeof risk === 'number' ? risk / 100 : risk, offerTimeout: durationOf(data, 'offerTimeout'), holdTimeout: durationOf(data, 'holdTimeout'), workLease: durationOf(data, 'workLease'),
    ...(before?.reofferAfter ? { reofferAfter: before.reofferAfter } : {}), ...(before?.gate ? { gate: before.gate } : {}),
    waitlist: { limit: numberOf(data, 'waitlist.limit'), expires: durationOf(data, 'waitlist.expires') },
  };
}
