import '../styles/base.css';
import '../styles/page.css';
import '../styles/rows.css';
import '../styles/leads.css';
import { render } from 'lit-html';
import { titleOf, wordsOf } from '../format/words.ts';
import { drawLink } from '../view/link.ts';
import { perFrame } from '../view/frame.ts';
import { nameOf } from '../view/names.ts';
import { getJson, Problem } from '../wire/api.ts';
import type { LeadItem, LeadPage } from '../wire/leads.ts';
import { LiveBoard } from '../wire/live.ts';
import { leadList } from './view.ts';

const states = ['waitlisted', 'queued', 'offered', 'working', 'held', 'booked', 'started', 'delivered', 'lost', 'deflected', 'expired', 'retracted', 'captured'];
const filters = ['state', 'pool', 'campaign', 'person'] as const;
const pageSize = 50;

const place = document.getElementById('leads')!;
const form = document.getElementById('filter') as HTMLFormElement;
const query = new URLSearchParams(location.search);
let items: LeadItem[] = [];
let cursor: string | null = null;
let wrong: string | null = null;
let loading = false;
let run = 0;

const ask = perFrame(draw);
const board = new LiveBoard(() => {
  offerChoices();
  ask();
}, ask);

/** Reads the first page, or the one after what is shown. */
async function load(after: string | null): Promise<void> {
  const mine = ++run;
  loading = true;
  ask();
  const asked = new URLSearchParams({ limit: String(pageSize), ...chosen(), ...(after ? { cursor: after } : {}) });
  try {
    const page = await getJson<LeadPage>(`/v1/leads?${asked.toString()}`);
    if (mine !== run) return; // Another filter was chosen meanwhile.
    items = after ? [...items, ...(page.items ?? [])] : [...(page.items ?? [])];
    [cursor, wrong] = [page.cursor ?? null, null];
  } catch (error) {
    if (mine !== run) return;
    wrong = error instanceof Problem ? error.message : 'The leads cannot be shown.';
  }
  loading = false;
  ask();
}

function chosen(): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name of filters) if (query.get(name)) all[name] = query.get(name)!;
  return all;
}

function draw(): void {
  drawLink(board);
  place.querySelector(':scope > .first')?.remove();
  const more = cursor ? (): void => void load(cursor) : null;
  render(leadList({ items, more, wrong, loading }, (kind, id) => nameOf(board.store, kind, id), board.clock.now()), place);
}

/** Fills the choices from the board; what the address asks for stays chosen though the board may not know it. */
function offerChoices(): void {
  fill('state', states.map((state) => [state, titleOf(wordsOf(state))]));
  fill('pool', board.store.all('pool').map((pool) => [pool.id, titleOf(pool.id)]));
  fill('campaign', board.store.all('campaign').map((c) => [c.id, c.name ?? titleOf(c.id)]));
  fill('person', board.store.all('person').map((p) => [p.id, p.name ?? titleOf(p.id)]));
}

function fill(name: (typeof filters)[number], known: [string, string][]): void {
  const select = form.elements.namedItem(name) as HTMLSelectElement;
  const value = query.get(name) ?? '';
  const wanted = value && !known.some(([id]) => id === value) ? [...known, [value, titleOf(value)] as [string, string]] : known;
  if (select.options.length === wanted.length + 1 && select.value === value) return;
  select.replaceChildren(select.options[0]!, ...wanted.map(([id, text]) => new Option(text, id)));
  select.value = value;
}

form.addEventListener('change', (event) => {
  const select = event.target as HTMLSelectElement;
  if (select.value) query.set(select.name, select.value);
  else query.delete(select.name);
  history.replaceState(null, '', query.size ? `/leads?${query.toString()}` : '/leads');
  void load(null);
});
form.addEventListener('submit', (event) => event.preventDefault());
offerChoices();
board.start();
void load(null);
