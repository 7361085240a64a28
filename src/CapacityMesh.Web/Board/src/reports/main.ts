import '../styles/base.css';
import '../styles/page.css';
import '../styles/leads.css';
import '../styles/reports.css';
import { html, render } from 'lit-html';
import { titleOf } from '../format/words.ts';
import { drawLink } from '../view/link.ts';
import { nameOf } from '../view/names.ts';
import { getJson, Problem } from '../wire/api.ts';
import { LiveBoard } from '../wire/live.ts';
import type { Attribution, Audit, Funnel, Speed } from '../wire/reports.ts';
import { reportsView, type Reports } from './view.ts';

const dayMs = 86_400_000;
const daysShown = 30;

const place = document.getElementById('reports')!;
const form = document.getElementById('range') as HTMLFormElement;
const query = new URLSearchParams(location.search);
let run = 0;
let latest: Reports | null = null;
// Names, and whether the server is there.
const board = new LiveBoard((delta) => {
  drawLink(board);
  if (!delta && latest) show(latest);
  else if (!delta && !run) begin(); // By the server's clock, which may not be the reader's.
}, () => drawLink(board));

const asDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
const given = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement).value;
const set = (name: string, value: string): void => { (form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement).value = value; };

/** What a report is asked; only attribution knows models and promises. */
function asked(report: string, more: Record<string, string> = {}): string {
  const by = given('by');
  const all: Record<string, string> = { from: given('from'), to: given('to'), ...more };
  if (report === 'attribution') Object.assign(all, { by, model: given('model') });
  if (report === 'speed-to-lead') all['by'] = by === 'channel' ? 'channel' : 'campaign';
  return `/v1/reports/${report}?${new URLSearchParams(all).toString()}`;
}

async function load(): Promise<void> {
  if (!form.reportValidity()) return;
  const mine = ++run;
  try {
    const [attribution, funnel, speed, audit] = await Promise.all([
      getJson<Attribution>(asked('attribution')), getJson<Funnel>(asked('funnel')), getJson<Speed>(asked('speed-to-lead')), getJson<Audit>('/v1/audit'),
    ]);
    if (mine !== run) return; // Another range was chosen meanwhile.
    latest = { attribution, funnel, speed, audit };
    show(latest);
  } catch (error) {
    if (mine === run) show(error instanceof Problem ? error.message : 'The reports cannot be shown.');
  }
}

function show(what: Reports | string): void {
  place.querySelector(':scope > .first')?.remove();
  const name = (group: string): string => (group === 'total' ? 'Total' : given('by') === 'campaign' ? nameOf(board.store, 'campaign', group) : titleOf(group));
  render(typeof what === 'string' ? html`<p class="bad" role="alert">${what}</p>` : reportsView(what, { csv: (report) => asked(report, { format: 'csv' }), name }), place);
}

function begin(): void {
  set('from', query.get('from') ?? asDay(board.clock.now() - daysShown * dayMs));
  set('to', query.get('to') ?? asDay(board.clock.now()));
  void load();
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('change', () => {
  history.replaceState(null, '', `/reports?${new URLSearchParams({ from: given('from'), to: given('to') }).toString()}`);
  void load();
});
board.start();
