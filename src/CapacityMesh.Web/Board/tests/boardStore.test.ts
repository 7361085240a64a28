// Goal: the board shows what the journal says, whatever the order of messages. Method: snapshots and deltas by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardStore } from '../src/store/boardStore.ts';
import type { Snapshot } from '../src/wire/cards.ts';

const snapshot = (seq: number): Snapshot => ({
  seq,
  asOf: '2026-11-21T10:00:00Z',
  workspace: 'default',
  cards: { flow: { gate: 'open' }, 'person/b': { id: 'b' }, 'person/a': { id: 'a' }, 'slot/s1': { id: 's1' } },
  feed: [{ at: '2026-11-21T09:00:00Z', text: 'first' }],
});
const delta = (seq: number, cards = {}, feed: { at: string; text: string }[] = []) => ({ seq, asOf: '2026-11-21T10:00:01Z', cards, feed });

function filled(): BoardStore {
  const store = new BoardStore();
  store.replace(snapshot(12));
  return store;
}

test('a delta replaces, adds and removes whole cards', () => {
  const store = filled();
  assert.equal(store.apply(delta(13, { 'person/a': { id: 'a', open: 2 }, 'slot/s1': null, 'pool/sales': { id: 'sales' } })), 'applied');
  assert.deepEqual(store.all('person'), [{ id: 'a', open: 2 }, { id: 'b' }]);
  assert.deepEqual(store.all('slot'), []);
  assert.deepEqual(store.all('pool'), [{ id: 'sales' }]);
  assert.equal(store.seq, 13);
});

test('a missing delta is a gap and changes nothing', () => {
  const store = filled();
  assert.equal(store.apply(delta(14, { 'slot/s1': null })), 'gap');
  assert.equal(store.all('slot').length, 1);
  assert.equal(store.seq, 12);
});

test('a delta that the snapshot already holds is ignored', () => {
  const store = filled();
  assert.equal(store.apply(delta(12, { 'slot/s1': null })), 'ignored');
  assert.equal(store.all('slot').length, 1);
});

test('a delta before any snapshot is a gap', () => {
  assert.equal(new BoardStore().apply(delta(0)), 'gap');
});

test('lists keep their identity until a card of their kind changes', () => {
  const store = filled();
  const [people, slots] = [store.all('person'), store.all('slot')];
  store.apply(delta(13, { 'slot/s1': { id: 's1', state: 'held' } }));
  assert.equal(store.all('person'), people);
  assert.notEqual(store.all('slot'), slots);
});

test('the feed keeps the newest hundred', () => {
  const store = filled();
  for (let i = 0; i < 150; i++) store.apply(delta(13 + i, {}, [{ at: '2026-11-21T10:00:00Z', text: `item ${i}` }]));
  assert.equal(store.feed.length, 100);
  assert.equal(store.feed[99]?.text, 'item 149');
});

test('a key of another kind or of a kind of the future does no harm', () => {
  const store = filled();
  assert.equal(store.apply(delta(13, { 'weather/berlin': { rain: true }, __proto__: null })), 'applied');
  assert.equal(store.all('person').length, 2);
});
