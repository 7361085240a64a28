// Goal: the pure parts of the pages: where a login leads, slots by day, the chart's scale, a timeline's gaps, bodies sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundUp, scaleOf } from '../src/board/inflowScale.ts';
import { daysOf } from '../src/board/slotDays.ts';
import { Format } from '../src/format/format.ts';
import { gapOf, waitBefore } from '../src/lead/gaps.ts';
import { safeNext } from '../src/login/next.ts';
import { path, sentenceOf } from '../src/wire/api.ts';

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
  assert.equal(sentenceOf(400, { title: 'Bad', detail: 'Two fields are wrong.', errors: { reason: ['Too long.'] } }), 'Two fields are wrong. · reason: Too long.');
  assert.equal(sentenceOf(502, {}), 'The server answered 502.');
});

test('slots stand under the readers days, soonest first, and the past is apart', () => {
  const slot = (id: string, startsAt: string | null, state: 'open' | 'withdrawn' | 'completed' = 'open') => ({ id, startsAt, endsAt: startsAt, state });
  const { past, days } = daysOf(
    [slot('late', '2026-11-23T08:00:00Z'), slot('soon', '2026-11-21T23:30:00Z'), slot('done', '2026-11-18T08:00:00Z', 'completed'),
      slot('gone', '2026-11-23T08:00:00Z', 'withdrawn'), slot('broken', null), slot('next', '2026-11-22T09:00:00Z')],
    Date.parse('2026-11-21T12:00:00Z'), berlin);
  assert.deepEqual(days.map((day) => day.slots.map((s) => s.id)), [['soon', 'next'], ['late']]);
  assert.deepEqual(past.map((s) => s.id).sort(), ['broken', 'done']);
});

test('a delivery that is still running is not past', () => {
  const { past } = daysOf([{ id: 's', startsAt: '2026-11-10T08:00:00Z', endsAt: '2026-12-10T08:00:00Z', state: 'started' }], Date.parse('2026-11-21T12:00:00Z'), berlin);
  assert.equal(past.length, 0);
});

test('the chart fits its highest value and places the moves', () => {
  const hour = (h: number, captured: number) => ({ at: new Date(Date.UTC(2026, 10, 21, h)).toISOString(), captured, admitted: 1, sustainable: null });
  const scale = scaleOf([hour(0, 3), hour(1, 17), hour(2, 5), hour(3, 4)], [{ at: '2026-11-21T02:00:00Z', to: 'sales' }, { at: '2026-11-19T00:00:00Z', to: 'old' }], 400, 100);
  assert.equal(scale.top, 20);
  assert.equal(scale.y(10), 50);
  assert.deepEqual(scale.moves.map((m) => [m.move.to, m.x]), [['sales', 200]]);
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
