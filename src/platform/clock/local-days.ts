import { Temporal } from 'temporal-polyfill';

/** A calendar day somewhere: half-open, 23 to 25 hours long, `endsAt` is the next local midnight. */
export interface LocalDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly monthStartsAt: number;
  readonly monthEndsAt: number;
}

/**
 * The local day at an instant. The last answer of each zone is kept, so asking again within the same day is one
 * comparison; there are some 600 zones, so the map is bounded by `isTimeZone` having been asked first.
 */
export class LocalDays {
  private readonly last = new Map<string, LocalDay>();

  at(millis: number, zone: string): LocalDay {
    const known = this.last.get(zone);
    if (known && known.startsAt <= millis && millis < known.endsAt) return known;
    const day = compute(millis, zone);
    this.last.set(zone, day);
    return day;
  }
}

function compute(millis: number, zone: string): LocalDay {
  const local = Temporal.Instant.fromEpochMilliseconds(millis).toZonedDateTimeISO(zone);
  const date = local.toPlainDate();
  const startOf = (day: Temporal.PlainDate): number => day.toZonedDateTime(zone).startOfDay().epochMilliseconds;
  return {
    day: date.toString(),
    month: date.toPlainYearMonth().toString(),
    startsAt: startOf(date),
    endsAt: startOf(date.add({ days: 1 })),
    monthStartsAt: startOf(date.with({ day: 1 })),
    monthEndsAt: startOf(date.with({ day: 1 }).add({ months: 1 })),
  };
}

/** Whether the runtime knows this IANA zone; offsets such as `+02:00` are refused because they have no DST rules. */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
