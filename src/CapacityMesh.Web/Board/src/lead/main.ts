import '../styles/base.css';
import '../styles/page.css';
import { render } from 'lit-html';
import { debounced } from '../view/frame.ts';
import { drawLink } from '../view/link.ts';
import { nameOf } from '../view/names.ts';
import { getJson, path, Problem } from '../wire/api.ts';
import type { Lead, Trace, Why } from '../wire/leads.ts';
import { LiveBoard } from '../wire/live.ts';
import { failedView, leadView } from './view.ts';

const refreshMs = 500;
const id = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const place = document.getElementById('lead')!;

const board = new LiveBoard(
  (delta) => {
    drawLink(board);
    if (!delta || delta.feed?.some((item) => item.lead === id)) refresh();
  },
  () => drawLink(board),
);
const refresh = debounced(load, refreshMs);

async function load(): Promise<void> {
  try {
    const [lead, trace, why] = await Promise.all([
      getJson<Lead>(path`/v1/leads/${id}`),
      getJson<Trace>(path`/v1/leads/${id}/trace`),
      getJson<Why>(path`/v1/leads/${id}/why`).catch(() => null), // A closed lead may have nothing to explain.
    ]);
    show(() => render(leadView(lead, trace, why, (kind, of) => nameOf(board.store, kind, of), board.clock.now()), place));
  } catch (error) {
    show(() => render(failedView(id, error instanceof Problem ? error.message : 'The trace cannot be shown.'), place));
  }
}

function show(draw: () => void): void {
  place.querySelector(':scope > .first')?.remove();
  draw();
}

document.title = `Lead ${id} · CapacityMesh`;
board.start();
void load();
