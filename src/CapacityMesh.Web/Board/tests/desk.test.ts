// Goal: what the desk, the reports and the platforms' lines compute: what is due first, a week by days, durations, and states in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateOf } from '../src/board/actuator.ts';
import { nextDue } from '../src/desk/touch.ts';
import { weekDays, withAway } from '../src/desk/weekDays.ts';
import { Format } from '../src/format/format.ts';
import { secondsOf } from '../src/format/isoSpan.ts';
import { sentence } from '../src/format/words.ts';

const now = new Date(2026, 10, 25, 12).getTime(); // A Wednesday at noon, wherever this runs.
const at = (days: number, hour = 12): string => new Date(2026, 10, 25 + days, hour).toISOString();

test('work is due by its touch, its first contact or its lease, whichever comes first', () => {
  const touch = { number: 1, channel: 'call', dueAt: at(1) };
  assert.equal(nextDue({ leadId: 'a', until: at(3), touch }), Date.parse(at(1)));
  assert.equal(nextDue({ leadId: 'a', until: at(3), contactDue: at(2) }), Date.parse(at(2)));
  assert.equal(nextDue({ leadId: 'a', until: at(3), contactDue: at(2), contactedAt: at(0) }), Date.parse(at(3)));
  assert.equal(nextDue({ leadId: 'a' }), Infinity);
});

test('a week has the hours of its days, absence, and what is overdue today', () => {
  const person = { id: 'anna', hours: { week: [{ day: 'wednesday', from: '09:00', to: '12:00' }, { day: 'wed', from: '13:00', to: '17:00' }] }, away: [{ from: at(2, 15), to: at(3, 9) }] };
  const days = weekDays(person, [{ leadId: 'a', touch: { number: 1, channel: 'call', dueAt: at(-2) } }, { leadId: 'b', touch: { number: 2, channel: 'call', dueAt: at(6, 23) } }], now);
  assert.deepEqual(days.map((day) => day.hours.length), [2, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(days.map((day) => day.isAway), [false, false, true, true, false, false, false]);
  assert.deepEqual(days.map((day) => day.touches), [1, 0, 0, 0, 0, 0, 1]);
});

test('absence that is over is forgotten, one without an end stays, and the rest of a description is kept', () => {
  const spells = [{ from: at(-5), to: at(-4) }, { from: at(-1), to: null }];
  assert.deepEqual(withAway({ id: 'anna', name: 'Anna', pools: ['sales'], weeklyCapacity: 7, concurrent: 2, skills: [] }, spells, now),
    { name: 'Anna', pools: ['sales'], weeklyCapacity: 7, concurrent: 2, skills: [], away: [spells[1]] });
});

test('durations of the API are read to the second', () => {
  assert.deepEqual(['PT0S', 'P1DT2H', 'PT90.5S', 'P2W', '', null].map(secondsOf), [0, 93_600, 90.5, null, null, null]);
});

test('an age is told in its largest unit, and every sentence begins with a capital', () => {
  const format = new Format('en-GB', 'Europe/Berlin');
  assert.deepEqual([0, 59, 3_599, 90_000].map((s) => format.age(s)), ['0 sec', '59 sec', '59 min', '1 day']);
  assert.equal(sentence('sales limits no more. founder does; onboarding is next'), 'Sales limits no more. Founder does; onboarding is next.');
});

test('what somebody must do at a platform comes before what is merely so', () => {
  const a = { connector: 'c', platform: 'google', platformCampaign: '1', campaign: 'spring', actuate: 'apply' as const };
  const run = { action: 'run' as const, budgetMultiplier: 1, version: 2 };
  assert.deepEqual(stateOf({ ...a, desired: run, applied: run }), { text: 'follows: run', act: false });
  assert.equal(stateOf({ ...a, desired: run, applied: { ...run, action: 'pause' } }).text, 'the signal is on its way');
  assert.equal(stateOf({ ...a, desired: run, applied: run, drift: { what: 'dailyBudget', expected: '10', found: '20' } }).act, true);
  assert.equal(stateOf({ ...a, pausedBy: 'human' }).act, false);
  assert.equal(stateOf({ ...a, pausedBy: 'human', lastError: { what: 'read', fault: 'unauthorized' } }).act, true);
});
