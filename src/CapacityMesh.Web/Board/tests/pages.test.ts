// Goal: the pure parts of the pages: where a login leads, slots by day, the chart's scale, a timeline's gaps, bodies sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundUp, scaleOf } from '../src/board/inflowScale.ts';
import { weeksOf } from '../src/board/calendarWeeks.ts';
import { chanceOfWin, costOf } from '../src/board/cost.ts';
import { columnsOf, riverOf } from '../src/board/riverShape.ts';
import { Format } from '../src/format/format.ts';
import { gapOf, waitBefore } from '../src/lead/gaps.ts';
import { safeNext } from '../src/login/next.ts';
import { path, sentenceOf } from '../src/wire/api.ts';
import { parseCsv } from '../src/setup/csv.ts';
import { fromIso, isoOf } from '../src/setup/duration.ts';
import { slugOf } from '../src/setup/slug.ts';
import { imagine, noWishes, questionOf } from '../src/whatif/model.ts';

const origin = 'http://127.0.0.1:5080';
const berlin = new Format('en-GB', 'Europe/Berlin');

test('a login leads to pages of this origin only', () => {
  assert.equal(safeNext('/desk?person=anna', origin), '/desk?person=anna');
  for (const foreign of [null, '', 'https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', '/login?next=/']) {
    assert.equal(safeNext(foreign, origin), '/');
  }
});

test('values in a path cannot leave their place', () => {
  assert.equal(path`/v1/leads/${'../keys?x=1#y'}/accept`, '/v1/leads/..%2Fkeys%3Fx%3D1%23y/accept');
});

test('a problem says its detail and its fields', () => {
  assert.equal(sentenceOf(400, { title: 'Bad', detail: 'Two fields are wrong.', errors: [{ field: 'reason', text: 'Too long.' }] }), 'Two fields are wrong. · reason: Too long.');
  assert.equal(sentenceOf(502, {}), 'The server answered 502.');
});

test('slots stand under the readers days, in whole weeks, soonest first', () => {
  const slot = (id: string, startsAt: string | null, state: 'open' | 'withdrawn' | 'completed' = 'open') => ({ id, startsAt, endsAt: startsAt, state });
  const { weeks, later } = weeksOf(
    [slot('next', '2026-11-22T09:00:00Z'), slot('soon', '2026-11-21T23:30:00Z'), slot('gone', '2026-11-23T08:00:00Z', 'withdrawn'),
      slot('broken', null), slot('far', '2027-03-01T08:00:00Z'), slot('old', '2026-01-01T08:00:00Z', 'completed')],
    Date.parse('2026-11-21T12:00:00Z'), 1, berlin);
  assert.deepEqual(weeks.map((week) => week.length), [7, 7, 7, 7, 7, 7]);
  assert.equal(weeks[0]![0]!.label, 'Mon 16 Nov');
  const filled = weeks.flat().filter((day) => day.slots.length);
  assert.deepEqual(filled.map((day) => [day.label, day.slots.map((s) => s.id)]), [['Sun 22 Nov', ['soon', 'next']]]);
  assert.equal(later, 1);
});

test('the constraint costs what it cannot carry, at what a lead is worth', () => {
  const flow = {
    constraint: { pool: 'slots', sustainablePerWeek: 4 },
    process: { stages: [{ id: 'a', pool: 'p', passRate: 0.4, learnedPassRate: 0.5 }, { id: 'b', pool: 'p', passRate: 0.5, wins: true }, { id: 'c', pool: 'p', passRate: 0.1 }] },
  };
  const campaign = (demandPerWeek: number, amount: string, currency = 'EUR') => ({ id: amount, demandPerWeek, valuePerWin: { amount, currency } });
  assert.equal(chanceOfWin(flow), 0.25);
  assert.deepEqual(costOf(flow, [campaign(9, '1000.00'), campaign(3, '2000.00')]), { demandPerWeek: 12, unservedPerWeek: 8, money: { amount: 8 * 1250 * 0.25, currency: 'EUR' } });
  assert.equal(costOf(flow, [campaign(9, '1000.00'), campaign(3, '2000.00', 'USD')]).money, null);
  assert.equal(costOf(flow, [campaign(3, '1000.00')]).unservedPerWeek, 0);
  assert.equal(costOf(undefined, []).unservedPerWeek, 0);
});

test('the river is narrowest at the constraint and never leaves its box', () => {
  const flow = { constraint: { pool: 'b', sustainablePerWeek: 4 }, process: { stages: [{ id: '1', pool: 'a' }, { id: '2', pool: 'b' }, { id: '3', pool: 'c' }] } };
  const pools = [{ id: 'a', sustainablePerWeek: 1e9, utilization: 3 }, { id: 'b', sustainablePerWeek: 4, utilization: 0.5 }, { id: 'c' }];
  const river = riverOf(flow, pools, [{ id: 'x', demandPerWeek: 20 }], { width: 800, height: 160, gap: 10, shares: [1, 1, 1, 1, 1, 1] });
  const [a, b, c] = river.stretches;
  assert.ok(a!.half <= 80 && a!.filled <= a!.half && a!.capped);
  assert.ok(b!.half < a!.half && Math.abs(b!.filled - b!.half / 2) < 1e-9);
  assert.ok(c!.half > 0);
  assert.doesNotMatch(river.outline + river.load, /NaN|Infinity/);
  assert.equal(riverOf(undefined, [], [], { width: 0, height: 160, gap: 10, shares: [1, 1, 1, 1] }).outline, '');
  assert.equal(Math.round(columnsOf({ width: 100, height: 1, gap: 10, shares: [1, 2] })[1]!.to), 100);
});

test('the chart fits its highest value and places the moves', () => {
  const hour = (h: number, captured: number) => ({ at: new Date(Date.UTC(2026, 10, 21, h)).toISOString(), captured, admitted: 1, sustainable: null });
  const scale = scaleOf([hour(0, 3), hour(1, 17), hour(2, 5), hour(3, 4)], [{ at: '2026-11-21T02:00:00Z', to: 'sales' }, { at: '2026-11-19T00:00:00Z', to: 'old' }], 400, 100);
  assert.equal(scale.top, 20);
  assert.equal(scale.y(10), 50);
  assert.deepEqual(scale.moves.map((m) => [m.move.to, Math.round(m.x)]), [['sales', 67]]);
  assert.deepEqual([0.3, 1, 3, 17, 51, 100].map(roundUp), [0.5, 1, 5, 20, 100, 100]);
});

test('a chart of nothing and of broken instants is empty', () => {
  assert.equal(scaleOf([], [], 400, 100).bars.length, 0);
  assert.equal(scaleOf([{ at: 'never' }], [{ at: 'never' }], 400, 100).bars.length, 0);
});

test('waits in a timeline grow but never leave the page', () => {
  assert.equal(waitBefore({ at: '2026-11-21T10:00:30Z' }, { at: '2026-11-21T10:00:00Z' }), 30);
  assert.equal(waitBefore({ at: '2026-11-21T10:00:30Z', waitSeconds: 7 }, { at: '2026-11-21T10:00:00Z' }), 7);
  assert.equal(waitBefore({ at: 'never' }, { at: '2026-11-21T10:00:00Z' }), 0);
  const heights = [0, 5, 300, 86_400, 30 * 86_400, 1e9].map(gapOf);
  assert.deepEqual(heights, [...heights].sort((a, b) => a - b));
  assert.ok(heights.at(-1)! <= 120);
});

test('ids come from names, stay apart and survive every script', () => {
  assert.equal(slugOf('  Discovery Call! '), 'discovery-call');
  assert.equal(slugOf('Größe Ñandú'), 'grosse-nandu');
  assert.equal(slugOf('Anna', ['anna', 'anna-2']), 'anna-3');
  assert.equal(slugOf('王小明', ['person'], 'person'), 'person-2');
  assert.ok(slugOf('x'.repeat(500)).length <= 64);
});

test('durations go there and back', () => {
  const cases = [['2', 'days', 'P2D'], ['90', 'minutes', 'PT1H30M'], ['1.5', 'days', 'P1DT12H'], ['2', 'weeks', 'P14D'], ['0', 'hours', 'PT0M']] as const;
  for (const [value, unit, iso] of cases) assert.equal(isoOf(value, unit), iso);
  for (const wrong of ['', 'soon', '-1']) assert.equal(isoOf(wrong, 'days'), null);
  assert.deepEqual(fromIso('P14D'), { value: '2', unit: 'weeks' });
  assert.deepEqual(fromIso('PT1H30M'), { value: '90', unit: 'minutes' });
  assert.deepEqual(fromIso('nonsense'), { value: '', unit: 'days' });
});

test('a file is read with quotes, any usual separator, and its line numbers', () => {
  const { columns, rows } = parseCsv('\uFEFFName;Weekly capacity;Note\r\n"Ahrens; Anna";20;"says ""hi""\nand more"\r\n\r\nBen;;\n');
  assert.deepEqual(columns, ['name', 'weeklycapacity', 'note']);
  assert.deepEqual(rows.map((r) => [r.line, r.cells['name'], r.cells['note']]), [[2, 'Ahrens; Anna', 'says "hi"\nand more'], [5, 'Ben', '']]);
  assert.deepEqual(parseCsv('').rows, []);
});

test('a what-if asks only for what was changed, and draws what it would make', () => {
  const pools = [{ id: 'sales', kind: 'people' as const, people: 2, weeklyCapacity: 40, sustainablePerWeek: 40, utilization: 0.5 }, { id: 'slots', kind: 'slots' as const, weeklyCapacity: 0.7, sustainablePerWeek: 4 }];
  const wishes = { ...noWishes(6), people: { sales: 2, gone: 1 }, slots: { slots: 3 }, campaigns: { x: 2, y: 1 }, rates: { a: 0.8 } };
  assert.deepEqual(questionOf(noWishes(), pools), { weeks: 8, changes: [] });
  assert.deepEqual(questionOf(wishes, pools), { weeks: 6, changes: [{ addPeople: { pool: 'sales', count: 2, weeklyCapacity: 20 } }, { addSlots: { pool: 'slots', perMonth: 3 } }, { scaleCampaign: { campaign: 'x', by: 2 } }, { passRate: { stage: 'a', to: 0.8 } }] });
  const flow = { constraint: { pool: 'slots', sustainablePerWeek: 4 }, process: { stages: [{ id: 'a', pool: 'sales', passRate: 0.4 }, { id: 'b', pool: 'slots' }] } };
  const then = imagine(wishes, { before: {}, after: { constraint: { pool: 'sales' }, sustainablePerWeek: { p50: 9 } } }, flow, pools, [{ id: 'x', demandPerWeek: 5 }]);
  assert.equal(then.pools[0]!.sustainablePerWeek, 80);
  assert.equal(then.pools[1]!.sustainablePerWeek, 4); // Twice the slots, and twice the leads that reach them.
  assert.equal(then.campaigns[0]!.demandPerWeek, 10);
  assert.deepEqual([then.flow.constraint?.pool, then.flow.constraint?.sustainablePerWeek], ['sales', 9]);
});
