import { HttpError, HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import { BoardStore } from '../store/boardStore.ts';
import { ServerClock } from '../store/clock.ts';
import { Stream } from '../store/stream.ts';
import { getJson, Problem, toLogin } from './api.ts';
import type { Delta, Snapshot } from './cards.ts';

export type LinkState = 'connecting' | 'live' | 'polling' | 'offline' | 'forbidden';

const retryMs = [0, 1_000, 2_000, 5_000, 10_000]; // Then every 10 s, for ever: a board on a wall has no one to reload it.
const pollMs = 5_000;

/** The board kept up to date: by the hub, and by polling the same snapshot while the hub is away. */
export class LiveBoard {
  readonly store = new BoardStore();
  readonly clock = new ServerClock();
  link: LinkState = 'connecting';
  private readonly hub: HubConnection;
  private readonly stream: Stream;

  /**
   * @param changed called after each change of the store; with the delta, or null when everything may differ.
   * @param linked called when `link` changes.
   */
  constructor(private readonly changed: (delta: Delta | null) => void, private readonly linked: () => void) {
    this.hub = new HubConnectionBuilder()
      .withUrl('/hubs/board')
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount, retryReason }) => this.retryIn(previousRetryCount, retryReason) })
      .configureLogging(LogLevel.None)
      .build();
    this.stream = new Stream(this.store, () => this.hub.invoke<Snapshot>('Watch'), (delta) => this.heard(delta));
    this.hub.on('delta', (delta: Delta) => void this.stream.receive(delta).catch(() => this.restart()));
    this.hub.onreconnecting(() => this.setLink('offline'));
    this.hub.onreconnected(() => void this.watch());
  }

  start(): void {
    void this.poll();
    void this.connect(0);
    setInterval(() => { if (this.link !== 'live') void this.poll(); }, pollMs);
  }

  private async connect(attempt: number): Promise<void> {
    try {
      await this.hub.start();
      await this.watch();
    } catch (error) {
      const wait = this.retryIn(attempt, error instanceof Error ? error : undefined);
      setTimeout(() => void this.connect(attempt + 1), Math.max(wait, 250));
    }
  }

  private async watch(): Promise<void> {
    try {
      await this.stream.resync();
      this.setLink('live');
    } catch {
      this.restart();
    }
  }

  /** The hub answers but does not serve: begin again from nothing. */
  private restart(): void {
    if (this.hub.state !== HubConnectionState.Connected) return; // Its own reconnection is at work.
    this.setLink('offline');
    void this.hub.stop().then(() => this.connect(1));
  }

  private async poll(): Promise<void> {
    try {
      const snapshot = await getJson<Snapshot>('/v1/board');
      if (this.link === 'live') return; // The hub was quicker.
      this.store.replace(snapshot);
      this.heard(null);
      if (this.link !== 'connecting') this.setLink('polling');
    } catch (error) {
      if (error instanceof Problem && error.status === 403) this.setLink('forbidden'); // Not an outage: a key that may not see this.
      else if (this.link === 'polling') this.setLink('offline');
    }
  }

  private heard(delta: Delta | null): void {
    if (this.store.asOf) this.clock.hear(this.store.asOf);
    this.changed(delta);
  }

  private setLink(link: LinkState): void {
    this.link = link;
    this.linked();
  }

  private retryIn(attempt: number, reason: Error | undefined): number {
    if (reason instanceof HttpError && reason.statusCode === 401) toLogin();
    if (this.link === 'forbidden') return pollMs * 12; // A minute: a role changes seldom.
    if (attempt > 0 && this.link === 'connecting') this.setLink('offline');
    const base = retryMs[Math.min(attempt, retryMs.length - 1)] ?? 0;
    return base * (0.75 + Math.random() / 2); // Spread, so that a hundred boards do not return at one instant.
  }
}
