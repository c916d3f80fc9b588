import { ValidateBy } from 'class-validator';
import { daysBetween, isDay, lastDays } from '../platform/clock/days.js';
import { ValidationFailed } from '../platform/problems/problems.js';

const MOST_DAYS = 366;
const USUAL_DAYS = 30;

export interface HistoryRange {
  readonly from?: string;
  readonly to?: string;
}

export function IsDay(): PropertyDecorator {
  return ValidateBy({ name: 'isDay', validator: { validate: isDay, defaultMessage: () => '$property must be a day such as 2026-03-31' } });
}

/** Both ends; the last thirty days where nothing is said. */
export function rangeOf({ from, to }: HistoryRange, today: string): [string, string] {
  const end = to ?? today;
  const start = from ?? lastDays(end, USUAL_DAYS);
  if (daysBetween(start, end) > MOST_DAYS) throw new ValidationFailed([{ pointer: '/from', code: 'range', detail: `Ask for at most ${MOST_DAYS} days at once.` }]);
  return [start, end];
}
