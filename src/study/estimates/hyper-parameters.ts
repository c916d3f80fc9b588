import type { PacePrior } from './pace-model.js';

/** One reader's sessions: how many, their mean, and the sum of squares around it. */
export interface ReaderMoments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

/** So many readers of one's own weigh as much as the start values. */
const READERS_OF_START = 30;
/** A reader with fewer says little about how sessions differ. */
export const LEAST_SESSIONS = 5;
const LEAST_SD = 0.1;
const MOST_SD = 1.2;

export function momentsOf(values: readonly number[]): ReaderMoments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { count: values.length, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

/**
 * What all readers tell about a reader who is new: moments of a one-way random effects model, mixed with the start values
 * as though those had been 30 readers. A reader counts once, however much they read.
 */
export function hyperParameters(readers: readonly ReaderMoments[], start: PacePrior): PacePrior {
  const telling = readers.filter(({ count }) => count >= LEAST_SESSIONS);
  if (telling.length === 0) return start;
  const within = telling.reduce((sum, { squares, count }) => sum + squares / (count - 1), 0) / telling.length;
  const mean = telling.reduce((sum, reader) => sum + reader.mean, 0) / telling.length;
  const noise = telling.reduce((sum, { count }) => sum + within / count, 0) / telling.length;
  // Around the start's mean where there is but one: their own mean has no spread.
  const centre = telling.length > 1 ? mean : start.mean;
  const spread = telling.reduce((sum, reader) => sum + (reader.mean - centre) ** 2, 0) / Math.max(1, telling.length - 1);
  const mixed = (own: number, given: number): number => (telling.length * own + READERS_OF_START * given) / (telling.length + READERS_OF_START);
  return {
    mean: mixed(mean, start.mean),
    betweenSd: bounded(Math.sqrt(mixed(Math.max(0, spread - noise), start.betweenSd ** 2))),
    withinSd: bounded(Math.sqrt(mixed(within, start.withinSd ** 2))),
  };
}

function bounded(sd: number): number {
  return Math.min(MOST_SD, Math.max(LEAST_SD, sd));
}
