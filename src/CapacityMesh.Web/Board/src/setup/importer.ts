import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import { path, Problem, sendJson } from '../wire/api.ts';
import { csvLengthMax, csvRowsMax, parseCsv, type CsvRow } from './csv.ts';
import { instantOf } from '../format/localTime.ts';
import type { Setup } from './model.ts';
import { slugOf } from './slug.ts';

type Kind = 'people' | 'slots';

interface Import { rows: CsvRow[]; done: number; wrong: { line: number; text: string }[]; running: boolean; note: string }

const columns: Record<Kind, { needed: string[]; example: string }> = {
  people: { needed: ['name', 'pools'], example: 'name,pools,weeklyCapacity,concurrent,skills\nAnna Ahrens,sales,20,5,de en' },
  slots: { needed: ['pool', 'startsat', 'endsat'], example: 'pool,startsAt,endsAt\nonboarding,2026-12-01 09:00,2026-12-01 12:00' },
};
const wrongMax = 20; // Enough to see what is wrong with a file.
const current: Record<Kind, Import | null> = { people: null, slots: null };

/** Reads a file of people or slots and sends each row; a row that is refused says why, with its line. */
export function importView(setup: Setup, kind: Kind): TemplateResult {
  const now = current[kind];
  const id = `csv-${kind}`;
  return html`
    <details class="import" ?open=${!!now}><summary>Import ${kind} from a CSV file</summary>
      <p class="quiet">The first line names the columns:</p><pre tabindex="0" aria-label="Example">${columns[kind].example}</pre>
      <div class="field"><label for=${id}>File</label><input id=${id} type="file" accept=".csv,text/csv,text/plain" @change=${(e: Event) => void read(setup, kind, e.currentTarget as HTMLInputElement)}></div>
      <div role="status">${now ? html`<p>${now.note}</p>${now.wrong.length ? html`<ul class="wrong-rows">${now.wrong.slice(0, wrongMax).map((w) => html`<li>Line ${format.count(w.line)}: ${w.text}</li>`)}</ul>` : nothing}` : nothing}</div>
      ${now && now.rows.length && !now.running && now.done === 0 ? html`<div class="acts left"><button type="button" class="primary" @click=${() => void run(setup, kind, now)}>Import ${format.plural(now.rows.length, 'row')}</button></div>` : nothing}
    </details>`;
}

async function read(setup: Setup, kind: Kind, input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  if (!file) return;
  const text = file.size <= csvLengthMax ? await file.text() : '';
  const parsed = parseCsv(text);
  const missing = columns[kind].needed.filter((name) => !parsed.columns.includes(name));
  const note = file.size > csvLengthMax ? 'The file is larger than 1 MB.'
    : missing.length ? `The first line names no column ${missing.join(', ')}.`
    : parsed.rows.length > csvRowsMax ? `The file has more than ${format.count(csvRowsMax)} rows: split it.`
    : parsed.rows.length ? `${format.plural(parsed.rows.length, 'row')} found.` : 'The file has no rows.';
  const usable = !missing.length && parsed.rows.length <= csvRowsMax && file.size <= csvLengthMax;
  current[kind] = { rows: usable ? parsed.rows : [], done: 0, wrong: [], running: false, note };
  setup.draw();
}

async function run(setup: Setup, kind: Kind, work: Import): Promise<void> {
  work.running = true;
  const taken = (kind === 'people' ? setup.people : setup.slots).map((item) => item.id);
  for (const row of work.rows) {
    const { id, url, body } = kind === 'people' ? personRow(row, taken) : slotRow(row, taken);
    taken.push(id);
    try {
      await sendJson('PUT', url, body);
      work.done++;
    } catch (error) {
      work.wrong.push({ line: row.line, text: error instanceof Problem ? error.message : 'The row could not be sent.' });
      if (error instanceof Problem && (error.status === 0 || error.status === 401 || error.status === 403)) break; // The next row would fare no better.
    }
    work.note = `${format.count(work.done)} of ${format.plural(work.rows.length, 'row')} imported${work.wrong.length ? `, ${format.count(work.wrong.length)} refused` : ''}.`;
    setup.draw();
  }
  work.running = false;
  await setup.reload();
}

export function personRow({ cells }: CsvRow, taken: readonly string[]): { id: string; url: string; body: object } {
  const id = cells['id'] || slugOf(cells['name'] ?? '', taken, 'person');
  const number = (name: string): number | string | undefined => {
    const text = cells[name];
    return text ? (Number.isFinite(Number(text)) ? Number(text) : text) : undefined;
  };
  const words = (name: string): string[] => (cells[name] ?? '').split(/[\s,;|]+/).filter(Boolean);
  return { id, url: path`/v1/people/${id}`, body: { name: cells['name'], pools: words('pools'), weeklyCapacity: number('weeklycapacity'), concurrent: number('concurrent'), skills: words('skills') } };
}

export function slotRow({ cells }: CsvRow, taken: readonly string[]): { id: string; url: string; body: object } {
  const start = instantOf(cells['startsat'] ?? '');
  const id = cells['id'] || slugOf(`${cells['pool'] ?? 'slot'}-${(start ?? '').slice(0, 16)}`, taken, 'slot');
  return { id, url: path`/v1/slots/${id}`, body: { pool: cells['pool'], startsAt: start, endsAt: instantOf(cells['endsat'] ?? '') } };
}
