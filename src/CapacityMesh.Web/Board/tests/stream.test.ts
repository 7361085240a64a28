// Goal: gaps heal, races between snapshot and deltas are harmless, a bad server is not stormed. Method: a hand-fed hub.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardStore } from '../src/store/boardStore.ts';
import { Stream } from '../src/store/stream.ts';
import type { Delta, Snapshot } from '../src/wire/cards.ts';

const snapshot = (seq: number): Snapshot => ({ seq, asOf: '2026-11-21T10:00:00Z', cards: {} });
const delta = (seq: number): Delta => ({ seq, asOf: '2026-11-21T10:00:00Z', cards: { [`slot/s${seq}`]: { id: `s${seq}` } } });

function bench() {
  const store = new BoardStore();
  const answers: ((snapshot: Snapshot) => void)[] = [];
  const refusals: ((error: Error) => void)[] = [];
  const pauses: number[] = [];
  const stream = new Stream(
    store,
    () => new Promise((answer, refuse) => { answers.push(answer); refusals.push(refuse); }),
    () => {},
    async (ms) => { pauses.push(ms); },
  );
  return { store, stream, answers, refusals, pauses };
}
const settle = () => new Promise((done) => setImmediate(done));

test('deltas that overtake the snapshot are applied after it', async () => {
  const { store, stream, answers } = bench();
  const done = stream.resync();
  await stream.receive(delta(5));
  await stream.receive(delta(6));
  answers[0]!(snapshot(5));
  await done;
  assert.equal(store.seq, 6);
  assert.deepEqual(store.all('slot'), [{ id: 's6' }]);
});

test('a gap asks for one snapshot however many deltas follow it', async () => {
  const { store, stream, answers } = bench();
  const first = stream.resync();
  answers[0]!(snapshot(1));
  await first;
  const healing = [stream.receive(delta(4)), stream.receive(delta(5)), stream.receive(delta(6))];
  await settle();
  assert.equal(answers.length, 2);
  answers[1]!(snapshot(5));
  await Promise.all(healing);
  assert.equal(store.seq, 6, 'the delta after the snapshot is not lost');
});

test('gaps that go on are asked about more and more slowly', async () => {
  const { stream, answers, pauses } = bench();
  const first = stream.resync();
  answers[0]!(snapshot(1));
  await first;
  for (let i = 1; i <= 6; i++) {
    const healing = stream.receive(delta(i * 100));
    await settle();
    answers[i]!(snapshot(i * 100 + 1));
    await healing;
  }
  assert.deepEqual(pauses, [0, 500, 2_000, 5_000, 10_000, 10_000]);
});

test('a snapshot that fails is told to the caller and the next delta tries again', async () => {
  const { stream, answers, refusals } = bench();
  const failing = stream.resync();
  refusals[0]!(new Error('gone'));
  await assert.rejects(failing, /gone/);
  const healing = stream.receive(delta(9));
  await settle();
  assert.equal(answers.length, 2);
  answers[1]!(snapshot(9));
  await healing;
});

test('of two snapshots under way the later one wins', async () => {
  const { store, stream, answers } = bench();
  const [old, young] = [stream.resync(), stream.resync()];
  answers[1]!(snapshot(20));
  await young;
  answers[0]!(snapshot(10));
  await old;
  assert.equal(store.seq, 20);
});
