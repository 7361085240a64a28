import '../styles/base.css';
import '../styles/board.css';
import '../styles/chart.css';
import '../styles/river.css';
import '../styles/calendar.css';
import '../styles/rows.css';
import '../styles/whatif.css';
import { format } from '../format/format.ts';
import { LiveBoard } from '../wire/live.ts';
import { perFrame } from '../view/frame.ts';
import { drawLink } from '../view/link.ts';
import { Section } from '../view/section.ts';
import { campaignList } from './campaigns.ts';
import { feedList, type FeedChoice } from './feed.ts';
import { flowStrip } from './flow.ts';
import { headline } from './headline.ts';
import { holdDialog } from './hold.ts';
import { inflowChart } from './inflow.ts';
import { peopleList } from './people.ts';
import { slotCalendar } from './slots.ts';
import { whatIfPanel } from '../whatif/panel.ts';

const tickMs = 10_000; // How often ages ("12 min") are written anew while nothing else changes.

let search = '';
let chartWidth = 600;
let flowWidth = 1200;
let chosen: number | null = null;
let day: string | null = null;
let feedChoice: FeedChoice = 'decisions';

const ask = perFrame(draw);
const board = new LiveBoard(ask, ask);
const { store, clock } = board;
const hold = holdDialog(() => clock.now());
const tick = (): number => Math.floor(clock.now() / tickMs);
const choose = (index: number | null): void => {
  chosen = index;
  ask();
};
const chooseDay = (key: string | null): void => {
  day = key;
  ask();
};

const sections = [
  new Section('headline', () => [store.flow, store.all('campaign'), tick()], (flow, campaigns) => headline(flow, campaigns, clock.now())),
  new Section('flow', () => [store.flow, store.all('pool'), store.all('campaign'), flowWidth, tick()],
    (flow, pools, campaigns, width) => flowStrip(flow, pools, campaigns, width, clock.now())),
  new Section('inflow', () => [store.flow?.inflow, store.flow?.moves, chartWidth, chosen],
    (inflow, moves, width, index) => inflowChart(inflow, moves, { width, chosen: index, choose })),
  new Section('campaigns', () => [store.all('campaign'), tick()], (campaigns, at) => campaignList(campaigns, clock.now(), at, hold)),
  new Section('people', () => [store.all('person'), search, Math.floor(clock.now() / 60_000)], (people, wanted) => peopleList(people, wanted, clock.now())),
  new Section('slots', () => [store.all('slot'), day, Math.floor(clock.now() / 60_000)], (slots, of) => slotCalendar(slots, clock.now(), { day: of, choose: chooseDay })),
  new Section('feed', () => [store.feed, feedChoice], feedList),
];

const askPanel = document.getElementById('ask') as HTMLDetailsElement;
const whatIf = whatIfPanel(askPanel, store);
const toApprove = document.getElementById('to-approve')!;

function draw(): void {
  drawLink(board);
  if (store.isEmpty) return;
  const proposals = store.all('campaign').filter((campaign) => campaign.proposed).length;
  toApprove.textContent = proposals ? `${format.count(proposals)} to approve` : '';
  for (const section of sections) section.draw();
  whatIf.draw();
}

const find = document.getElementById('find') as HTMLInputElement;
find.addEventListener('input', () => {
  search = find.value;
  ask();
});
const feedSelect = document.getElementById('feed-choice') as HTMLSelectElement;
feedSelect.addEventListener('change', () => {
  feedChoice = feedSelect.value as FeedChoice;
  ask();
});
watchWidth('inflow', (width) => { chartWidth = width; });
watchWidth('flow', (width) => { flowWidth = width; });
setInterval(ask, tickMs);
board.start();

function watchWidth(id: string, take: (width: number) => void): void {
  new ResizeObserver(([entry]) => {
    if (!entry) return;
    take(Math.floor(entry.contentRect.width));
    ask();
  }).observe(document.getElementById(id)!);
}
