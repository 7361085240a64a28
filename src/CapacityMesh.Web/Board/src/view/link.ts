import { say } from './toast.ts';
import { format } from '../format/format.ts';
import type { LinkState, LiveBoard } from '../wire/live.ts';

const words = {
  connecting: 'Connecting…',
  live: 'Live',
  polling: 'Every 5 s, reconnecting…',
  offline: 'Reconnecting…',
  forbidden: 'Not allowed',
} as const;

let before: LinkState = 'connecting';

/** Says in the header whether what is shown is live, and of when it is when it is not. */
export function drawLink(board: LiveBoard): void {
  const place = document.getElementById('link');
  if (!place) return;
  if (board.link === 'live' && (before === 'offline' || before === 'polling')) say('Connected again: what you see is current.');
  if (board.link === 'forbidden' && before !== 'forbidden') say('This key may not see the board. Log in with a key of the role operator or admin.', 'wrong', 'stays');
  before = board.link;
  const asOf = board.store.asOf && board.link !== 'live' ? ` · as of ${format.timeWithSeconds(Date.parse(board.store.asOf))}` : '';
  const text = words[board.link] + asOf;
  if (place.textContent !== text) place.textContent = text;
  place.dataset['link'] = board.link;
  document.documentElement.dataset['link'] = board.link;
  const name = document.getElementById('workspace');
  if (name && name.textContent !== board.store.workspace) name.textContent = board.store.workspace;
}
