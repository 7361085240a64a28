import { html, nothing, type TemplateResult } from 'lit-html';

export interface Column<R> { name: string; of: (row: R) => string }

/** A report as a table with its download; the last row is the sum, if there is one. */
export function reportTable<R>(title: string, about: string, csv: string, columns: readonly Column<R>[], rows: readonly R[], total: R | null): TemplateResult {
  const cells = (row: R): TemplateResult => html`${columns.map((column, i) => (i ? html`<td class="num">${column.of(row)}</td>` : html`<th scope="row">${column.of(row)}</th>`))}`;
  return html`
    <section aria-label=${title}>
      <div class="report-head"><div><h2>${title}</h2><p class="quiet">${about}</p></div><a href=${csv} download>CSV<span class="unseen"> of ${title}</span></a></div>
      <div class="report" tabindex="0" role="group" aria-label=${`${title}, table`}>
        <table>
          <thead><tr>${columns.map((column) => html`<th scope="col">${column.name}</th>`)}</tr></thead>
          <tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}${rows.length ? nothing : html`<tr><td colspan=${columns.length} class="quiet">Nobody asked in this time.</td></tr>`}</tbody>
          ${total && rows.length ? html`<tfoot><tr>${cells(total)}</tr></tfoot>` : nothing}
        </table>
      </div>
    </section>`;
}
