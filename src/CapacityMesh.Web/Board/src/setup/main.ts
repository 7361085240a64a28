import '../styles/base.css';
import '../styles/page.css';
import '../styles/rows.css';
import '../styles/setup.css';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { drawLink } from '../view/link.ts';
import { getJson, Problem } from '../wire/api.ts';
import { LiveBoard } from '../wire/live.ts';
import { campaignsView } from './campaigns.ts';
import { connectorsView } from './connectors.ts';
import { keysView } from './keys.ts';
import type { Campaign, Connector, Key, Person, Process, Setup, Slot } from './model.ts';
import { peopleView } from './people.ts';
import { processView } from './process.ts';
import { slotsView } from './slots.ts';
import { startView, stepsOf } from './start.ts';

const pageSize = 500;
const itemsMax = 5_000; // More than this is no list for eyes; the API has it all.
const place = document.getElementById('setup')!;
let wrong: string | null = null;

const setup: Setup = {
  process: null, people: [], slots: [], campaigns: [], connectors: [], keys: null, editing: null,
  edit: (id) => {
    setup.editing = id;
    draw();
    place.querySelector<HTMLElement>('form input')?.focus();
  },
  reload, draw,
};

const views: Record<string, () => TemplateResult> = {
  start: () => startView(setup), process: () => processView(setup), people: () => peopleView(setup), slots: () => slotsView(setup, Date.now()),
  campaigns: () => campaignsView(setup), connectors: () => connectorsView(setup), keys: () => keysView(setup),
};

const section = (): string => (location.hash.slice(1) in views ? location.hash.slice(1) : 'start');

async function reload(): Promise<void> {
  try {
    const [process, people, slots, campaigns, connectors, keys] = await Promise.all([
      optional<Process>('/v1/process', 404), all<Person>('/v1/people'), all<Slot>('/v1/slots'), all<Campaign>('/v1/campaigns'), all<Connector>('/v1/connectors'),
      all<Key>('/v1/keys').catch((error: unknown) => { if (error instanceof Problem && error.status === 403) return null; throw error; }),
    ]);
    Object.assign(setup, { process, people, slots, campaigns, connectors, keys });
    wrong = null;
  } catch (error) {
    wrong = error instanceof Problem ? error.message : 'The set-up cannot be shown.';
  }
  draw();
}

async function optional<T>(url: string, missing: number): Promise<T | null> {
  return getJson<T>(url).catch((error: unknown) => {
    if (error instanceof Problem && error.status === missing) return null;
    throw error;
  });
}

async function all<T>(url: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { items?: T[]; cursor?: string | null } = await getJson(`${url}?limit=${pageSize}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items.push(...(page.items ?? []));
    cursor = page.cursor ?? null;
  } while (cursor && items.length < itemsMax);
  return items;
}

function draw(): void {
  place.querySelector(':scope > .first')?.remove();
  const steps = stepsOf(setup);
  const current = section();
  const needed = steps.filter((step) => step.needed);
  const title = steps.find((step) => step.id === current)?.title ?? 'Set-up';
  render(html`
    <nav class="steps" aria-label="Set-up">
      <a href="#start" aria-current=${current === 'start' ? 'step' : nothing}><span>Start</span><small>${needed.filter((s) => s.done).length} of ${needed.length} done</small></a>
      ${steps.map((step) => html`<a href=${`#${step.id}`} aria-current=${current === step.id ? 'step' : nothing} data-done=${step.done}><span>${step.title}</span><small>${step.done ? 'done' : step.needed ? 'to do' : 'optional'}</small></a>`)}
    </nav>
    <section class="set-up" aria-labelledby="t-step">
      <h1 id="t-step" tabindex="-1">${title}</h1>
      ${wrong ? html`<p class="bad" role="alert">${wrong}</p>` : views[current]!()}
    </section>`, place);
  document.title = `${title} · CapacityMesh`;
}

addEventListener('hashchange', () => {
  setup.editing = null;
  draw();
  document.getElementById('t-step')?.focus();
});
const board = new LiveBoard(() => drawLink(board), () => drawLink(board));
board.start();
void reload();
