import type { Person } from '../setup/model.ts';
import type { OpenWork } from '../wire/leads.ts';

export interface WeekDay { at: number; hours: string[]; isAway: boolean; touches: number }

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const daysShown = 7;

/** Today and the six days after it: working hours, absence, and the touches that fall due. Days are the reader's. */
export function weekDays(person: Person, open: readonly OpenWork[], now: number): WeekDay[] {
  const today = new Date(now);
  return Array.from({ length: daysShown }, (_, i) => {
    const from = new Date(today.getFullYear(), today.getMonth(), today.getDate() + i).getTime();
    const to = new Date(today.getFullYear(), today.getMonth(), today.getDate() + i + 1).getTime();
    const name = names[new Date(from).getDay()]!;
    const due = open.map((work) => Date.parse(work.touch?.dueAt ?? '')).filter((at) => at < to && (at >= from || i === 0)); // What is overdue is for today.
    return {
      at: from,
      hours: (person.hours?.week ?? []).filter((spell) => spell.day.toLowerCase().startsWith(name)).map((spell) => `${spell.from.slice(0, 5)}–${spell.to.slice(0, 5)}`),
      isAway: (person.away ?? []).some((spell) => Date.parse(spell.from) < to && !(Date.parse(spell.to ?? '') <= from)),
      touches: due.length,
    };
  });
}

/** The description as the API takes it, with other spells of absence; those that are over are forgotten. */
export function withAway(person: Person, away: readonly { from: string; to: string | null }[], now: number): object {
  const { name, pools, weeklyCapacity, concurrent, skills, hours } = person;
  return { name, pools, weeklyCapacity, concurrent, skills, ...(hours ? { hours } : {}), away: away.filter((spell) => !(Date.parse(spell.to ?? '') <= now)) };
}
