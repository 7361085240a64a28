import { titleOf } from '../format/words.ts';
import type { BoardStore } from '../store/boardStore.ts';
import type { Maybe } from '../wire/cards.ts';

/** What people call a campaign or a salesperson: the name on its card, or its id as a title. */
export function nameOf(store: BoardStore, kind: 'campaign' | 'person', id: Maybe<string>): string {
  const card = store.card(`${kind}/${id ?? ''}`) as { name?: Maybe<string> } | undefined;
  return card?.name ?? titleOf(id);
}
