const lengthMax = 64; // The API's own limit of an id.

/** An id from a name: "Discovery call" -> "discovery-call"; taken ones get a number, names without Latin letters the given word. */
export function slugOf(name: string, taken: readonly string[] = [], word = 'id'): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, lengthMax - 4).replace(/-+$/, '') || word;
  if (!taken.includes(slug)) return slug;
  for (let n = 2; ; n++) if (!taken.includes(`${slug}-${n}`)) return `${slug}-${n}`;
}
