// Reads CSV (RFC 4180: quotes, doubled quotes, line breaks within quotes) as a stream of rows. A row longer than the limit is an error:
// it means that a quote was never closed.
const ROW_LENGTH_MAX = 1_000_000;

/** Yields arrays of fields from an iterable of text chunks. */
export async function* rows(chunks) {
  let [row, field, quoted, closing, length, started] = [[], '', false, false, 0, false];
  const endRow = () => {
    row.push(field);
    const done = row;
    [row, field, length, started, closing] = [[], '', 0, false, false];
    return done;
  };
  for await (const chunk of chunks) {
    for (const c of chunk) {
      if (++length > ROW_LENGTH_MAX) throw new Error('A row is longer than a million characters: a quote was never closed.');
      if (quoted && !closing) {
        if (c === '"') closing = true;
        else field += c;
        continue;
      }
      if (closing && c === '"') {
        field += '"';
        closing = false;
        continue;
      }
      if (closing) [quoted, closing] = [false, false];
      if (c === '"' && field === '') [quoted, started] = [true, true];
      else if (c === ',') [started] = [true, row.push(field), (field = '')];
      else if (c === '\n') {
        if (started || field !== '') yield endRow();
        else length = 0;
      } else if (c !== '\r' && !(c === '\uFEFF' && length === 1)) [started, field] = [true, field + c];
    }
  }
  if (quoted && !closing) throw new Error('The file ends within quotes.');
  if (started || field !== '') yield endRow();
}

/** Yields objects by the header's names. */
export async function* records(chunks) {
  let header;
  for await (const row of rows(chunks)) {
    if (!header) header = row;
    else yield Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']));
  }
}
