import type { Maybe, Money } from '../wire/cards.ts';

// Numbers, dates and money as the reader's locale writes them. What is part of a sentence (lengths of time, lists)
// is in the page's own language, or sentences would be half in one and half in another. Nothing known is an en
// dash, never "NaN" or "null".

const pageLanguage = 'en';

export const unknown = '–';

type Unit = 'second' | 'minute' | 'hour' | 'day';

const units: [Unit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

export class Format {
  private readonly whole: Intl.NumberFormat;
  private readonly tenths: Intl.NumberFormat;
  private readonly ratio: Intl.NumberFormat;
  private readonly clockTime: Intl.DateTimeFormat;
  private readonly seconds: Intl.DateTimeFormat;
  private readonly dayName: Intl.DateTimeFormat;
  private readonly weekdayName: Intl.DateTimeFormat;
  private readonly dateOnly: Intl.DateTimeFormat;
  private readonly dayAndTime: Intl.DateTimeFormat;
  private readonly fullDate: Intl.DateTimeFormat;
  private readonly list: Intl.ListFormat;
  private readonly spans = new Map<string, Intl.NumberFormat>();
  private readonly moneys = new Map<string, Intl.NumberFormat>();
  private readonly relative: Intl.RelativeTimeFormat;

  constructor(private readonly locale: string | undefined = undefined, timeZone?: string) {
    const zone = timeZone ? { timeZone } : {};
    this.whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    this.ratio = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
    this.clockTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone });
    this.seconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', ...zone });
    this.dayName = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', ...zone });
    this.weekdayName = new Intl.DateTimeFormat(locale, { weekday: 'short', ...zone });
    this.dateOnly = new Intl.DateTimeFormat(locale, { day: 'numeric', ...zone });
    this.dayAndTime = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...zone });
    this.fullDate = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium', ...zone });
    this.list = new Intl.ListFormat(pageLanguage, { type: 'conjunction' });
    this.relative = new Intl.RelativeTimeFormat(pageLanguage, { numeric: 'always', style: 'short' });
  }

  count(value: Maybe<number>): string {
    return isNumber(value) ? this.whole.format(value) : unknown;
  }

  /** A rate or a capacity: one decimal where it says something. */
  rate(value: Maybe<number>): string {
    return isNumber(value) ? (Math.abs(value) < 100 ? this.tenths : this.whole).format(value) : unknown;
  }

  percent(share: Maybe<number>): string {
    return isNumber(share) ? this.ratio.format(share) : unknown;
  }

  /** "1 lead", "1,200 leads": the words are English as the page is, the number is the reader's. */
  plural(value: number, one: string, many = `${one}s`): string {
    return `${this.whole.format(value)} ${value === 1 ? one : many}`;
  }

  money(money: Maybe<Money>): string {
    const amount = Number(money?.amount ?? NaN);
    if (!Number.isFinite(amount)) return unknown;
    const currency = money?.currency ?? '';
    try {
      let format = this.moneys.get(currency);
      if (!format) {
        format = new Intl.NumberFormat(this.locale, { style: 'currency', currency, maximumFractionDigits: 0 });
        this.moneys.set(currency, format);
      }
      return format.format(amount);
    } catch {
      return `${this.whole.format(amount)} ${currency}`; // Not a currency that Intl knows.
    }
  }

  /** An estimate of money, to two digits: nobody should read more into it. */
  moneyRound(money: Money): string {
    const amount = Number(money.amount);
    const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(amount)))) - 1);
    return this.money({ amount: Math.round(amount / power) * power, currency: money.currency });
  }

  /** A length of time in its one or two largest units: "3 days 4 hr", "12 min". */
  span(seconds: Maybe<number>): string {
    if (!isNumber(seconds)) return unknown;
    const total = Math.max(0, Math.round(seconds));
    const first = units.findIndex(([, size]) => total >= size);
    if (first < 0) return this.unit('second', 0);
    const [unit, size] = units[first]!;
    const head = Math.floor(total / size);
    const below = units[first + 1];
    if (!below || head >= 10) return this.unit(unit, head);
    const rest = Math.floor((total - head * size) / below[1]);
    return rest ? `${this.unit(unit, head)} ${this.unit(below[0], rest)}` : this.unit(unit, head);
  }

  /** A length of time in its largest unit alone: what is read from afar should not change every hour. */
  age(seconds: Maybe<number>): string {
    if (!isNumber(seconds)) return unknown;
    const [unit, size] = units.find(([, s]) => seconds >= s) ?? units[units.length - 1]!;
    return this.unit(unit, Math.max(0, Math.floor(seconds / size)));
  }

  /** A running countdown: "4:09", "1:02:03". */
  countdown(seconds: number): string {
    const total = Math.max(0, Math.ceil(seconds));
    const two = (n: number): string => String(n).padStart(2, '0');
    const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
    if (h >= 48) return this.span(total);
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  }

  /** "3 days ago", "in 2 hr". */
  ago(instant: Maybe<string>, now: number): string {
    const at = Date.parse(instant ?? '');
    if (!Number.isFinite(at)) return unknown;
    const away = (at - now) / 1000;
    const [unit, size] = units.find(([, s]) => Math.abs(away) >= s) ?? units[units.length - 1]!;
    return this.relative.format(Math.trunc(away / size), unit);
  }

  /** The time of day, with the date when it is not the reader's today. */
  moment(instant: Maybe<string>, now: number): string {
    const at = Date.parse(instant ?? '');
    if (!Number.isFinite(at)) return unknown;
    return this.dayKey(at) === this.dayKey(now) ? this.clockTime.format(at) : this.dayAndTime.format(at);
  }

  time(at: number): string {
    return Number.isFinite(at) ? this.clockTime.format(at) : unknown;
  }

  timeWithSeconds(at: number): string {
    return Number.isFinite(at) ? this.seconds.format(at) : unknown;
  }

  day(at: number): string {
    return Number.isFinite(at) ? this.dayName.format(at) : unknown;
  }

  weekday(at: number): string {
    return this.weekdayName.format(at);
  }

  dayOfMonth(at: number): string {
    return this.dateOnly.format(at);
  }

  full(instant: Maybe<string>): string {
    const at = Date.parse(instant ?? '');
    return Number.isFinite(at) ? this.fullDate.format(at) : unknown;
  }

  names(items: readonly string[]): string {
    return this.list.format(items);
  }

  /** Equal for two instants of one day of the reader's. */
  dayKey(at: number): string {
    return this.dayName.format(at) + new Date(at).getFullYear();
  }

  private unit(unit: Unit, value: number): string {
    let format = this.spans.get(unit);
    if (!format) {
      format = new Intl.NumberFormat(pageLanguage, { style: 'unit', unit, unitDisplay: 'short' });
      this.spans.set(unit, format);
    }
    return format.format(value);
  }
}

export const format = new Format();
