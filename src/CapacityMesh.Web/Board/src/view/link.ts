import { format } from '../format/format.ts';
import type { LiveBoard } from '../wire/live.ts';

const words = {
  connecting: 'Connecting…',
  live: 'Live',
  polling: 'Every 5 s, reconnecting…',
  offline: 'Reconnecting…',
} as const;

/** Says in the header whether what is shown is live, and of when it is when it is not. */
export function drawLink(board: LiveBoard): void {
  const place = document.getElementById('link');
  if (!place) return;
  const asOf = board.store.asOf && board.link !== 'live' ? ` · as of ${format.timeWithSeconds(Date.parse(board.store.asOf))}` : '';
  const text = words[board.link] + asOf;
  if (place.textContent !== text) place.textContent = text;
  place.dataset['link'] = board.link;
  document.documentElement.dataset['link'] = board.link;
  const name = document.getElementById('workspace');
  if (name && name.textContent !== board.store.workspace) name.textContent = board.store.workspace;
}
