import { render, type TemplateResult } from 'lit-html';

/** A part of the page that is drawn only when what it depends on is another than last time. */
export class Section<const D extends readonly unknown[]> {
  private last: readonly unknown[] | null = null;
  private readonly place: HTMLElement;

  constructor(id: string, private readonly needs: () => readonly [...D], private readonly view: (...needs: [...D]) => TemplateResult) {
    const place = document.getElementById(id);
    if (!place) throw new Error(`The page has no #${id}.`);
    this.place = place;
  }

  draw(): void {
    const needs = this.needs();
    const last = this.last;
    if (last && needs.every((need, i) => need === last[i])) return;
    if (!last) this.place.replaceChildren(); // The words that stood there until the first snapshot.
    this.last = needs;
    render(this.view(...needs), this.place);
  }
}
