import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { secondsOf } from '../format/isoSpan.ts';
import { sentence, titleOf, wordsOf } from '../format/words.ts';
import type { Attribution, AttributionRow, Audit, Funnel, Layer, Speed, SpeedRow } from '../wire/reports.ts';
import { reportTable, type Column } from './table.ts';

export interface Reports { attribution: Attribution; funnel: Funnel; speed: Speed; audit: Audit }

/** Where a table can be had as CSV, and what a group is called. */
export interface Around { csv: (report: string) => string; name: (group: string) => string }

const layers = ['capture', 'routing', 'execution', 'feedback'] as const;
const span = (iso: string | null | undefined): string => format.span(secondsOf(iso));

/** What campaigns brought, where leads are, how soon people were contacted, and what is not wired yet. */
export function reportsView({ attribution, funnel, speed, audit }: Reports, around: Around): TemplateResult {
  return html`${attributionView(attribution, around)}${funnelView(funnel, around)}${speedView(speed, around)}${auditView(audit)}`;
}

function attributionView({ currency, constraint, rows, total }: Attribution, { csv, name }: Around): TemplateResult {
  const money = (amount: number | null | undefined): string => format.money({ amount: amount ?? null, currency: currency ?? null });
  const columns: Column<AttributionRow>[] = [
    { name: 'Who brought it', of: (r) => name(r.group) }, { name: 'Spend', of: (r) => money(r.spend) }, { name: 'Leads', of: (r) => format.rate(r.leads) }, { name: 'Won', of: (r) => format.rate(r.won) },
    { name: 'Delivered', of: (r) => format.rate(r.delivered) }, { name: 'A deal costs', of: (r) => money(r.cac) }, { name: 'Value', of: (r) => money(r.value) },
    { name: `Value per unit of ${titleOf(constraint ?? 'the constraint')}`, of: (r) => money(r.valuePerConstraintUnit) }, { name: 'Spent on leads never served', of: (r) => money(r.spendNeverServed) },
  ];
  return reportTable('Attribution', 'Leads whose person asked in this time, and what became of them since.', csv('attribution'), columns, rows, total[0] ?? null);
}

function funnelView({ gate, stages }: Funnel, { csv }: Around): TemplateResult {
  const columns: Column<Funnel['stages'][number]>[] = [
    { name: 'Stage', of: (s) => titleOf(s.stage) }, { name: 'In', of: (s) => format.count(s.in) }, { name: 'Passed', of: (s) => format.count(s.out) }, { name: 'Lost', of: (s) => format.count(s.lost) },
    { name: 'Wait now', of: (s) => format.count(s.waiting) }, { name: 'In hand', of: (s) => format.count(s.inHand) }, { name: 'Half waited', of: (s) => span(s.wait.p50) },
    { name: 'Nine of ten waited', of: (s) => span(s.wait.p90) }, { name: 'Half took', of: (s) => span(s.work.p50) }, { name: 'Promises broken', of: (s) => format.count(s.promisesBroken) },
  ];
  const told = `${format.count(gate.captured)} captured, ${format.count(gate.admitted)} let in, ${format.count(gate.waiting)} at the gate, ${format.count(gate.deflected + gate.expired)} turned away or expired. Of those let in, nine of ten waited up to ${span(gate.wait.p90)}.`;
  return reportTable('Funnel', told, csv('funnel'), columns, stages, null);
}

function speedView({ rows, total }: Speed, { csv, name }: Around): TemplateResult {
  const columns: Column<SpeedRow>[] = [
    { name: 'Who brought it', of: (r) => (r === total ? 'Total' : name(r.group)) }, { name: 'Leads', of: (r) => format.count(r.leads) }, { name: 'Contacted', of: (r) => format.count(r.contacted) },
    { name: 'Half within', of: (r) => span(r.toContact.p50) }, { name: 'Nine of ten within', of: (r) => span(r.toContact.p90) }, { name: 'In 5 minutes', of: (r) => format.percent(r.within5Minutes) },
    { name: 'In an hour', of: (r) => format.percent(r.within1Hour) }, { name: 'Never', of: (r) => format.percent(r.neverShare) },
  ];
  return reportTable('Speed to lead', 'From when the person asked to the first contact by a human.', csv('speed-to-lead'), columns, rows, total);
}

function auditView({ channels, unattributed }: Audit): TemplateResult {
  return html`
    <section aria-label="Audit">
      <div class="report-head"><div><h2>Audit</h2><p class="quiet">Each channel against the four layers: what is wired, and what is missing.</p></div></div>
      ${unattributed?.leads ? html`<p>${format.plural(unattributed.leads, 'lead')} came under campaigns that nobody described. <a href="/setup#campaigns">Describe them</a>.</p>` : nothing}
      <div class="channels">${channels.map((channel) => html`<article class="channel" data-whole=${channel.isWhole}>
        <h3>${titleOf(channel.channel)} <span class=${channel.isWhole ? 'tag plain' : 'tag'}>${channel.isWhole ? 'whole' : format.plural(missingOf(channel), 'wire') + ' missing'}</span></h3>
        ${layers.map((layer) => layerView(layer, channel[layer]))}</article>`)}
        ${channels.length ? nothing : html`<p class="quiet">No channel yet. <a href="/setup#campaigns">Add a campaign</a>.</p>`}</div>
    </section>`;
}

const missingOf = (channel: Audit['channels'][number]): number => layers.reduce((sum, layer) => sum + channel[layer].missing.length, 0);

function layerView(name: string, { wired, missing }: Layer): TemplateResult {
  return html`<div class="layer-wires"><h4>${titleOf(name)}</h4>
    <ul>${missing.map((wire) => html`<li class="missing"><strong>Missing:</strong> ${sentence(wire.text)}</li>`)}
    ${wired.length ? html`<li class="quiet">Wired: ${format.names(wired.map((wire) => wordsOf(wire.code)))}.</li>` : nothing}</ul></div>`;
}
