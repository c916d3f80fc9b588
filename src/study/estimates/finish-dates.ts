import { Temporal } from 'temporal-polyfill';
import type { Span } from './pace-model.js';

const SECONDS_A_MINUTE = 60;
/** Nobody plans further; a date in five digits of years helps nobody. */
const MOST_DAYS = 3650;

export interface FinishDates {
  readonly earliest: string;
  readonly expected: string;
  readonly latest: string;
}

/** When it is done at so many minutes a day, today included. Null where it never is, or not within ten years. */
export function finishDates(today: string, { low, expected, high }: Span, minutesADay: number): FinishDates | null {
  if (minutesADay <= 0) return null;
  const days = [low, expected, high].map((seconds) => Math.max(0, Math.ceil(seconds / SECONDS_A_MINUTE / minutesADay) - 1));
  if (days.some((each) => each > MOST_DAYS)) return null;
  const [earliest, middle, latest] = days.map((each) => Temporal.PlainDate.from(today).add({ days: each }).toString());
  return { earliest: earliest!, expected: middle!, latest: latest! };
}
