// From a CSV record to the body of POST /v1/leads, by a column mapping.

export const FIELDS = ['id', 'campaign', 'email', 'phone', 'name', 'company', 'message', 'occurredAt', 'landingPage'];

/** Reads "field=column" pairs; "field='text'" is the same text for every row. */
export function mapping(pairs) {
  const map = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const field = pair.slice(0, at);
    if (at < 1 || !FIELDS.includes(field)) throw new Error(`--map ${pair}: write FIELD=COLUMN with a field of ${FIELDS.join(', ')}.`);
    map[field] = pair.slice(at + 1);
  }
  if (!map.id) throw new Error('--map id=COLUMN is needed: it makes a second run post nothing twice.');
  return map;
}

/** The lead in a record. Without a mapped e-mail or phone it gets an address at example.invalid, made from its id. */
export function leadOf(record, map) {
  const value = (field) => {
    const column = map[field];
    if (column === undefined) return undefined;
    const text = /^'.*'$/.test(column) ? column.slice(1, -1) : record[column];
    if (text === undefined) throw new Error(`The file has no column ${column}.`);
    return text.trim() || undefined;
  };
  const id = value('id');
  if (!id) return null;
  const contact = { name: value('name'), email: value('email'), phone: value('phone'), company: value('company') };
  if (!contact.email && !contact.phone) contact.email = `${id.toLowerCase().replace(/[^a-z0-9.-]/g, '-').slice(0, 60)}@example.invalid`;
  const landingPage = value('landingPage');
  return {
    id,
    body: {
      campaign: slug(value('campaign') ?? 'unattributed'), contact, message: value('message'), occurredAt: instant(value('occurredAt')),
      touch: landingPage ? { landingPage } : undefined,
    },
  };
}

// Campaign ids are letters, digits and a few marks.
const slug = (text) => text.replace(/[^A-Za-z0-9._:-]/g, '-').slice(0, 64);

function instant(text) {
  if (text === undefined) return undefined;
  // A date alone becomes nine in the morning, UTC; a time without a zone is UTC.
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T09:00:00Z` : /[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const at = new Date(full);
  if (Number.isNaN(at.valueOf())) throw new Error(`'${text}' is not a date.`);
  return at.toISOString();
}
