// Goal: what a reader sees is right in their locale and never "NaN". Method: fixed locale and zone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Format, unknown } from '../src/format/format.ts';
import { sentence, titleOf, wordsOf } from '../src/format/words.ts';

const british = new Format('en-GB', 'Europe/Berlin');
const german = new Format('de-DE', 'Europe/Berlin');
const now = Date.parse('2026-11-21T12:00:00Z');

test('numbers are the readers own', () => {
  assert.equal(british.count(1234.6), '1,235');
  assert.equal(german.count(1234.6), '1.235');
  assert.equal(german.rate(14.64), '14,6');
  assert.equal(british.rate(140.64), '141');
  assert.equal(british.percent(0.966), '97%');
});

test('money keeps its currency and survives one that nobody knows', () => {
  assert.equal(british.money({ amount: '12450.50', currency: 'EUR' }), '€12,451');
  assert.equal(british.money({ amount: '10', currency: 'not a currency' }), '10 not a currency');
});

test('a length of time is told in its two largest units', () => {
  assert.equal(british.span(3 * 86_400 + 4 * 3_600 + 59), '3 days 4 hr');
  assert.equal(british.span(30 * 86_400), '30 days');
  assert.equal(british.span(61), '1 min 1 sec');
  assert.equal(british.span(0.2), '0 sec');
  assert.equal(british.span(-5), '0 sec');
});

test('countdowns run down to zero and stop there', () => {
  assert.equal(british.countdown(249), '4:09');
  assert.equal(british.countdown(3_723), '1:02:03');
  assert.equal(british.countdown(-1), '0:00');
  assert.equal(british.countdown(9 * 86_400), '9 days');
});

test('an instant of today has no date, another has', () => {
  assert.equal(british.moment('2026-11-21T13:05:00Z', now), '14:05');
  assert.match(british.moment('2026-11-24T13:05:00Z', now), /Tue.*24 Nov.*14:05/);
});

test('days follow the readers zone', () => {
  assert.equal(british.dayKey(Date.parse('2026-11-21T23:30:00Z')), british.dayKey(Date.parse('2026-11-22T10:00:00Z')));
});

test('what is not known is a dash', () => {
  for (const text of [british.count(null), british.rate(NaN), british.percent(undefined), british.span(Infinity), british.money(null), british.money({}),
    british.ago('soon', now), british.moment(null, now), british.time(NaN), british.day(NaN)]) {
    assert.equal(text, unknown);
  }
});

test('ids and typed names read as words', () => {
  assert.equal(titleOf('spring-search'), 'Spring search');
  assert.equal(titleOf(null), '–');
  assert.equal(wordsOf('promiseBroken'), 'promise broken');
  assert.equal(sentence('No headroom'), 'No headroom.');
  assert.equal(sentence('Really?'), 'Really?');
});
