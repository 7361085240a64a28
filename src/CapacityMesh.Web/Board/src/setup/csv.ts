/** One line of a file that was read: its number in the file, and its cells by the header's names. */
export interface CsvRow { line: number; cells: Record<string, string> }

export const csvRowsMax = 2_000; // Each row is a request of its own; more belongs into a script.
export const csvLengthMax = 1_000_000;

/** Reads RFC 4180, with commas, semicolons or tabs as the first line has them. Header names are compared without case, spaces and signs. */
export function parseCsv(text: string): { columns: string[]; rows: CsvRow[] } {
  const clean = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(clean.slice(0, clean.search(/[\r\n]|$/)));
  const lines = splitLines(clean, separator);
  const head = lines.shift();
  const columns = (head?.cells ?? []).map(columnName);
  const rows = lines
    .filter((line) => line.cells.some((cell) => cell.trim() !== ''))
    .map((line) => ({ line: line.line, cells: Object.fromEntries(columns.map((name, i) => [name, (line.cells[i] ?? '').trim()])) }));
  return { columns, rows };
}

export const columnName = (name: string): string => name.trim().toLowerCase().replace(/[^a-z0-9]/g, '');

function separatorOf(head: string): string {
  return [',', ';', '\t'].reduce((best, sign) => (head.split(sign).length > head.split(best).length ? sign : best), ',');
}

function splitLines(text: string, separator: string): { line: number; cells: string[] }[] {
  const lines: { line: number; cells: string[] }[] = [];
  let [cells, cell, quoted, line, began] = [[] as string[], '', false, 1, 1];
  const endLine = (): void => {
    cells.push(cell);
    lines.push({ line: began, cells });
    [cells, cell] = [[], ''];
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if (sign === '\n') line++;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') [cell, i] = [`${cell}"`, i + 1];
      else quoted = false;
    } else if (sign === '"' && cell === '') {
      quoted = true;
    } else if (sign === separator) {
      cells.push(cell);
      cell = '';
    } else if (sign === '\n') {
      endLine();
      began = line;
    } else if (sign !== '\r') {
      cell += sign;
    }
  }
  if (cell !== '' || cells.length) endLine();
  return lines;
}
