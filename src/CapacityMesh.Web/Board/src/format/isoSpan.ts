const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds of a duration as the API writes it: "P1DT2H" -> 93,600; null for anything else. */
export function secondsOf(iso: string | null | undefined): number | null {
  const found = parts.exec(iso ?? '');
  if (!found) return null;
  const [days, hours, minutes, seconds] = found.slice(1).map((n) => Number(n ?? 0)) as [number, number, number, number];
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
