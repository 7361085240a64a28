import type { SlotCard } from '../wire/cards.ts';
import { format as readersFormat, type Format } from '../format/format.ts';

export interface CalendarDay { key: string; at: number; number: string; label: string; isToday: boolean; isPast: boolean; slots: SlotCard[] }

const dayMs = 86_400_000;
const weeksShown = 6; // A promise of a month, and the week that it begins in.

interface Placed { start: number; key: string }

// A card never changes, so neither does its day: 500 slots cost their dates once, not once a frame.
const placed = new WeakMap<SlotCard, Placed>();

/** Whole weeks from the one of `now` on, by the reader's days; slots after them are counted as `later`. */
export function weeksOf(slots: readonly SlotCard[], now: number, weekStart: number, format: Format = readersFormat): { weeks: CalendarDay[][]; later: number; dates: number } {
  const byDay = new Map<string, SlotCard[]>();
  let last = 0;
  for (const slot of slots) {
    if (slot.state === 'withdrawn') continue;
    const { start, key } = place(slot, format);
    if (!Number.isFinite(start)) continue;
    last = Math.max(last, start);
    const day = byDay.get(key);
    if (day) day.push(slot);
    else byDay.set(key, [slot]);
  }
  const today = format.dayKey(now);
  const first = firstDay(now, weekStart);
  const weeks = Array.from({ length: weeksShown }, (_, week) => Array.from({ length: 7 }, (_, day) => dayOf(first + (week * 7 + day) * dayMs, today, now, byDay, format)));
  const shown = new Set(weeks.flat().map((day) => day.key));
  const end = first + weeksShown * 7 * dayMs;
  const rest = slots.filter((slot) => slot.state !== 'withdrawn' && !shown.has(place(slot, format).key) && place(slot, format).start >= end - dayMs);
  return { weeks, later: rest.length, dates: byDay.size };
}

function dayOf(at: number, today: string, now: number, byDay: Map<string, SlotCard[]>, format: Format): CalendarDay {
  const key = format.dayKey(at);
  const slots = (byDay.get(key) ?? []).sort((a, b) => place(a, format).start - place(b, format).start);
  return { key, at, number: format.dayOfMonth(at), label: format.day(at), isToday: key === today, isPast: key !== today && at < now, slots };
}

/** Noon of the first day of the week, so that summer time moves no day. */
function firstDay(now: number, weekStart: number): number {
  const day = new Date(now);
  day.setHours(12, 0, 0, 0);
  return day.getTime() - ((day.getDay() - weekStart + 7) % 7) * dayMs;
}

function place(slot: SlotCard, format: Format): Placed {
  let found = placed.get(slot);
  if (!found) {
    const start = Date.parse(slot.startsAt ?? '');
    found = { start, key: Number.isFinite(start) ? format.dayKey(start) : '' };
    placed.set(slot, found);
  }
  return found;
}

/** 0 is Sunday; Monday where the locale does not say. */
export function weekStartOf(locale: string | undefined): number {
  try {
    const asked = new Intl.Locale(locale ?? 'en-GB') as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
    return ((asked.getWeekInfo?.() ?? asked.weekInfo)?.firstDay ?? 1) % 7;
  } catch {
    return 1;
  }
}
