import { getJson, Problem } from './api.ts';

/**
 * Something beside the board's cards, read now and every so often while the page is seen. A key that may not read it is not asked again; any other
 * failure keeps what was known.
 */
export class Watched<T> {
  value: T | null = null;
  private refused = false;

  constructor(private readonly url: string, everyMs: number, private readonly changed: () => void) {
    void this.read();
    setInterval(() => { if (!document.hidden) void this.read(); }, everyMs);
  }

  async read(): Promise<void> {
    if (this.refused) return;
    try {
      const value = await getJson<T>(this.url);
      if (JSON.stringify(value) === JSON.stringify(this.value)) return;
      this.value = value;
      this.changed();
    } catch (error) {
      this.refused = error instanceof Problem && (error.status === 403 || error.status === 404);
    }
  }
}
