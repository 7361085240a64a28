import type { Delta, Snapshot } from '../wire/cards.ts';
import type { BoardStore } from './boardStore.ts';

const bufferLimit = 1_000; // Ten seconds of the busiest board; more than that, and a new snapshot is cheaper.
const pauseAfterGapMs = [0, 500, 2_000, 5_000, 10_000]; // A server that keeps leaving gaps must not be stormed with snapshots.

/**
 * Puts snapshots and deltas into the store in order. While a snapshot is under way deltas wait, since the
 * two may arrive in either order; a gap asks for a new snapshot.
 */
export class Stream {
  private waiting: Delta[] | null = null;
  private gaps = 0;
  private run = 0;

  constructor(
    private readonly store: BoardStore,
    private readonly watch: () => Promise<Snapshot>,
    private readonly changed: (delta: Delta | null) => void,
    private readonly sleep: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  /** Fetches a snapshot and catches up with what came meanwhile. Rejects as `watch` does. */
  async resync(): Promise<void> {
    const run = ++this.run;
    this.waiting ??= [];
    let snapshot: Snapshot;
    try {
      snapshot = await this.watch();
    } catch (error) {
      if (run === this.run) this.waiting = null;
      throw error;
    }
    if (run !== this.run) return; // A later resync has begun; its answer is newer.
    const late = this.waiting;
    this.waiting = null;
    this.store.replace(snapshot);
    this.changed(null);
    for (const delta of late) await this.receive(delta);
  }

  async receive(delta: Delta): Promise<void> {
    if (this.waiting) {
      if (this.waiting.length < bufferLimit) this.waiting.push(delta);
      return;
    }
    const outcome = this.store.apply(delta);
    if (outcome === 'applied') {
      this.gaps = 0;
      this.changed(delta);
    } else if (outcome === 'gap') {
      await this.heal();
    }
  }

  private async heal(): Promise<void> {
    this.waiting = [];
    await this.sleep(pauseAfterGapMs[Math.min(this.gaps++, pauseAfterGapMs.length - 1)] ?? 0);
    await this.resync();
  }
}
