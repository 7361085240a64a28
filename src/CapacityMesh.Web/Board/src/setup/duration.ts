// Durations as people say them, and as the API writes them (ISO 8601).

export type DurationUnit = 'minutes' | 'hours' | 'days' | 'weeks';

export const durationUnits: readonly DurationUnit[] = ['minutes', 'hours', 'days', 'weeks'];

const minutesOf: Record<DurationUnit, number> = { minutes: 1, hours: 60, days: 1_440, weeks: 10_080 };

/** "2", "days" -> "P2D"; null when nothing, or nothing that is a number, was given. */
export function isoOf(value: string, unit: string): string | null {
  const number = Number(value.trim().replace(',', '.'));
  const size = minutesOf[unit as DurationUnit];
  if (value.trim() === '' || !Number.isFinite(number) || number < 0 || !size) return null;
  const minutes = Math.round(number * size);
  const days = Math.floor(minutes / 1_440);
  const [hours, rest] = [Math.floor((minutes % 1_440) / 60), minutes % 60];
  const time = `${hours ? `${hours}H` : ''}${rest ? `${rest}M` : ''}`;
  return `P${days ? `${days}D` : ''}${time || !days ? `T${time || '0M'}` : ''}`;
}

/** The largest unit that says it in whole numbers: "P14D" -> 2 weeks, "PT90M" -> 90 minutes. */
export function fromIso(text: string | null | undefined): { value: string; unit: DurationUnit } {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+(?:\.\d+)?S)?)?$/.exec(text ?? '');
  if (!found) return { value: '', unit: 'days' };
  const [weeks, days, hours, minutes] = found.slice(1).map((n) => Number(n ?? 0)) as [number, number, number, number];
  const all = weeks * 10_080 + days * 1_440 + hours * 60 + minutes;
  const unit = [...durationUnits].reverse().find((u) => all > 0 && all % minutesOf[u] === 0) ?? 'minutes';
  return { value: String(all / minutesOf[unit]), unit };
}
