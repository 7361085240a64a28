/**
 * The server's time, carried on between messages: a reader's clock may be wrong, and a simulated business has
 * a time of its own.
 */
export class ServerClock {
  private offset = 0;

  constructor(private readonly local: () => number = Date.now) {}

  hear(asOf: string): void {
    const at = Date.parse(asOf);
    if (Number.isFinite(at)) this.offset = at - this.local();
  }

  now(): number {
    return this.local() + this.offset;
  }
}
