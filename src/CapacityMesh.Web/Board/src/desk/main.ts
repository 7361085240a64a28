import '../styles/base.css';
import '../styles/page.css';
import '../styles/desk.css';
import { render } from 'lit-html';
import { debounced, perFrame } from '../view/frame.ts';
import { drawLink } from '../view/link.ts';
import { nameOf } from '../view/names.ts';
import { act } from '../view/toast.ts';
import { getJson, path, postJson, Problem, sendJson } from '../wire/api.ts';
import type { PersonCard } from '../wire/cards.ts';
import type { Person } from '../setup/model.ts';
import type { PersonItem, Work } from '../wire/leads.ts';
import { LiveBoard } from '../wire/live.ts';
import { completeDialog } from './complete.ts';
import { declineDialog } from './decline.ts';
import { Histories } from './histories.ts';
import { isDue } from './touch.ts';
import { deskView, type DeskActions } from './view.ts';
import { withAway } from './weekDays.ts';

const refreshMs = 300; // A burst of deltas is one request.
const secondMs = 1_000;
const pollMs = 15_000; // Beside the deltas: a desk must not miss an offer because a message was lost.

const place = document.getElementById('desk')!;
const select = document.getElementById('person') as HTMLSelectElement;
let person = new URLSearchParams(location.search).get('person') ?? '';
let people: readonly PersonItem[] = [];
let work: Work | null = null;
let described: Person | null = null;
let wrong: string | null = null;

const ask = perFrame(draw);
const refresh = debounced(load, refreshMs);
const histories = new Histories(ask);
const board = new LiveBoard(
  (delta) => {
    if (!delta) offerPeople(board.store.all('person'));
    if (!delta || (person && `person/${person}` in (delta.cards ?? {}))) refresh();
    ask();
  },
  ask,
);

const actions: DeskActions = {
  send: (button, leadId, verb, done, more = {}) => {
    const body = { person, ...more };
    const url = { accept: path`/v1/leads/${leadId}/accept`, decline: path`/v1/leads/${leadId}/decline`, contacted: path`/v1/leads/${leadId}/contacted`,
      complete: path`/v1/leads/${leadId}/complete`, return: path`/v1/leads/${leadId}/return` }[verb];
    return act(button, () => postJson(url, body), done).finally(refresh);
  },
  decline: declineDialog((...sent) => actions.send(...sent)),
  complete: completeDialog((...sent) => actions.send(...sent)),
  status: (button, status) => void act(button, () => postJson(path`/v1/people/${person}/status`, { status })).finally(refresh),
  campaign: (id) => nameOf(board.store, 'campaign', id),
  saveAway: async (away) => {
    if (!described) return;
    const whose = described.id;
    const saved = await sendJson<Person>('PUT', path`/v1/people/${whose}`, withAway(await getJson<Person>(path`/v1/people/${whose}`), away, board.clock.now()));
    if (whose === person) described = saved;
    refresh();
  },
  wins: (stage) => board.store.flow?.process?.stages?.some((s) => s.id === stage && s.wins) ?? false,
};

async function load(): Promise<void> {
  if (!person) return;
  const whose = person;
  try {
    const [answer, description] = await Promise.all([getJson<Work>(path`/v1/people/${whose}/work`), described?.id === whose ? described : getJson<Person>(path`/v1/people/${whose}`)]);
    if (whose !== person) return; // Another person was chosen meanwhile.
    [work, described, wrong] = [answer, description, null];
    histories.keep(new Set([...(answer.offers ?? []), ...(answer.open ?? [])].map((held) => held.leadId)));
  } catch (error) {
    if (whose !== person) return;
    wrong = error instanceof Problem ? error.message : 'The desk cannot be shown.';
  }
  ask();
}

async function loadPeople(): Promise<void> {
  try {
    offerPeople((await getJson<{ items?: PersonItem[] }>('/v1/people')).items ?? []);
  } catch {
    if (!people.length && person) offerPeople([{ id: person }]);
  }
}

/** Fills the choice; of the list's first page and the board's cards, whichever knows more people. */
function offerPeople(known: readonly PersonItem[]): void {
  if (known.length <= people.length) return;
  people = known;
  select.replaceChildren(new Option('Choose a person', ''), ...people.map((p) => new Option(p.name ?? p.id, p.id)));
  select.value = person;
}

function draw(): void {
  drawLink(board);
  const card = board.store.card(`person/${person}`) as PersonCard | undefined;
  place.querySelector(':scope > .first')?.remove();
  render(deskView({ person, card, work, described, histories, wrong, now: board.clock.now() }, actions), place);
  const waiting = (work?.offers?.length ?? 0) + (work?.open ?? []).filter((o) => o.touch && isDue(o.touch, board.clock.now())).length;
  document.title = `${waiting ? `(${waiting}) ` : ''}Desk · CapacityMesh`;
}

select.addEventListener('change', () => {
  person = select.value;
  [work, described, wrong] = [null, null, null];
  history.replaceState(null, '', person ? `/desk?person=${encodeURIComponent(person)}` : '/desk');
  ask();
  refresh();
});
setInterval(() => {
  const now = board.clock.now();
  if (work?.offers?.some((offer) => Date.parse(offer.until ?? '') < now)) refresh(); // The server has taken it back by now.
  if (work?.open?.some((open) => open.touch && !open.touch.isDue && Date.parse(open.touch.dueAt) < now)) refresh(); // It has fallen due by now.
  if (work?.offers?.length || work?.open?.length) ask(); // Only countdowns need the second.
}, secondMs);
setInterval(refresh, pollMs);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });

board.start();
void loadPeople();
refresh();
ask();
