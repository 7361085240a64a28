import type { Maybe } from '../wire/cards.ts';

export function sumOf<T>(items: readonly T[], value: (item: T) => Maybe<number>): number {
  return items.reduce((sum, item) => sum + (value(item) ?? 0), 0);
}
