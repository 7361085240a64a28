import { format as readersFormat, type Format } from '../format/format.ts';
import type { SlotCard } from '../wire/cards.ts';

export interface SlotDay { key: string; label: string; slots: SlotCard[] }

interface Placed { start: number; end: number; key: string }

// A card never changes, so neither does its day: 500 slots cost their dates once, not once a frame.
const placed = new WeakMap<SlotCard, Placed>();

/** Slots by the reader's days, soonest first; those that ended before today are `past`. */
export function daysOf(slots: readonly SlotCard[], now: number, format: Format = readersFormat): { past: SlotCard[]; days: SlotDay[] } {
  const today = format.dayKey(now);
  const past: SlotCard[] = [];
  const days = new Map<string, SlotDay>();
  const live = slots.filter((slot) => slot.state !== 'withdrawn').sort((a, b) => place(a, format).start - place(b, format).start);
  for (const slot of live) {
    const { start, end, key } = place(slot, format);
    if (!Number.isFinite(start) || (Math.max(start, end || 0) < now && key !== today)) {
      past.push(slot);
      continue;
    }
    const day = days.get(key);
    if (day) day.slots.push(slot);
    else days.set(key, { key, label: format.day(start), slots: [slot] });
  }
  return { past, days: [...days.values()] };
}

function place(slot: SlotCard, format: Format): Placed {
  let found = placed.get(slot);
  if (!found) {
    const start = Date.parse(slot.startsAt ?? '');
    found = { start, end: Date.parse(slot.endsAt ?? ''), key: Number.isFinite(start) ? format.dayKey(start) : '' };
    placed.set(slot, found);
  }
  return found;
}
