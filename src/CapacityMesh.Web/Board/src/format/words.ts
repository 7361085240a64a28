import type { Maybe } from '../wire/cards.ts';

/** An id as a title: "spring-search" -> "Spring search". Ids are the operator's own words; only their dress changes. */
export function titleOf(id: Maybe<string>): string {
  const words = (id ?? '').replace(/[-_]+/g, ' ').trim();
  return words === '' ? '–' : words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** A typed name as words: "promiseBroken" -> "promise broken". */
export function wordsOf(name: Maybe<string>): string {
  return (name ?? '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[.\-_]+/g, ' ').toLocaleLowerCase();
}

/** With capital letters and a closing full stop, so that texts from several places can stand in one line. */
export function sentence(text: Maybe<string>): string {
  const raw = (text ?? '').trim();
  const trimmed = raw.replace(/(^|[.!?] )(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toLocaleUpperCase());
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
