// Instants as an input of type datetime-local has them: in the reader's own zone.

export function instantOf(local: string): string | null {
  const at = Date.parse(local);
  return Number.isFinite(at) ? new Date(at).toISOString() : null;
}

export function localOf(instant: string | null | undefined): string {
  const at = new Date(Date.parse(instant ?? ''));
  if (Number.isNaN(at.getTime())) return '';
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
