import type { CampaignCard, Card, Delta, FeedItem, FlowCard, Maybe, PersonCard, PoolCard, SlotCard, Snapshot } from '../wire/cards.ts';

export type Outcome = 'applied' | 'ignored' | 'gap';

const feedLimit = 100; // As many as the server keeps; an operator does not scroll further back.

interface Kinds { pool: PoolCard; person: PersonCard; slot: SlotCard; campaign: CampaignCard }

/**
 * The board as last heard of. Cards are replaced whole and never changed in place, so that "same object" means
 * "same content" to whoever draws them.
 */
export class BoardStore {
  seq = -1;
  asOf: string | null = null;
  workspace = '';
  feed: readonly FeedItem[] = [];
  private cards = new Map<string, Card>();
  private lists = new Map<string, readonly Card[]>();

  get isEmpty(): boolean {
    return this.seq < 0;
  }

  get flow(): FlowCard | undefined {
    return this.cards.get('flow') as FlowCard | undefined;
  }

  card(key: string): Card | undefined {
    return this.cards.get(key);
  }

  /** All cards of a kind, by id; the same array until one of them changes. */
  all<K extends keyof Kinds>(kind: K): readonly Kinds[K][] {
    let list = this.lists.get(kind);
    if (!list) {
      const prefix = `${kind}/`;
      list = [...this.cards.entries()]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, card]) => card);
      this.lists.set(kind, list);
    }
    return list as readonly Kinds[K][];
  }

  replace(snapshot: Snapshot): void {
    this.cards = new Map();
    this.lists = new Map();
    this.put(snapshot.cards);
    this.seq = snapshot.seq;
    this.asOf = snapshot.asOf;
    this.workspace = snapshot.workspace ?? '';
    this.feed = (snapshot.feed ?? []).slice(-feedLimit);
  }

  /** `gap`: a delta is missing, nothing was applied and a snapshot is needed; `ignored`: already known. */
  apply(delta: Delta): Outcome {
    if (this.isEmpty || delta.seq > this.seq + 1) return 'gap';
    if (delta.seq <= this.seq) return 'ignored';
    this.put(delta.cards);
    this.seq = delta.seq;
    this.asOf = delta.asOf;
    if (delta.feed?.length) this.feed = [...this.feed, ...delta.feed].slice(-feedLimit);
    return 'applied';
  }

  private put(cards: Maybe<Record<string, Card | null>>): void {
    for (const [key, card] of Object.entries(cards ?? {})) {
      if (card) this.cards.set(key, card);
      else this.cards.delete(key);
      this.lists.delete(key.slice(0, key.indexOf('/')));
    }
  }
}
