/** What is known of all readers: normal in the logarithm of seconds per unit. */
export interface PacePrior {
  readonly mean: number;
  /** How far readers lie from each other. */
  readonly betweenSd: number;
  /** How far the sessions of a reader lie from each other. */
  readonly withinSd: number;
}

export const PACE_UNITS = ['word', 'page', 'exercise'] as const;
export type PaceUnit = (typeof PACE_UNITS)[number];

const WORDS_A_MINUTE = 238;
/** Of a printed page, where nobody can count them. */
const WORDS_A_PAGE = 250;
const SECONDS_AN_EXERCISE = 60;

const SPREAD = { betweenSd: 0.45, withinSd: 0.28 };

/** Before any reader was measured here. */
export const START: Readonly<Record<PaceUnit, PacePrior>> = {
  word: { mean: Math.log(60 / WORDS_A_MINUTE), ...SPREAD },
  page: { mean: Math.log((60 * WORDS_A_PAGE) / WORDS_A_MINUTE), ...SPREAD },
  // Questions differ more than pages do.
  exercise: { mean: Math.log(SECONDS_AN_EXERCISE), betweenSd: 0.7, withinSd: 0.5 },
};

/** A session's weight in that of the one after it. */
const AGEING = 0.97;
/** Then a session weighs less than a thousandth of the last one. */
export const SESSIONS_LOOKED_AT = 250;
/** The 90th percentile of the standard normal: an 80 % interval lies between it and its negative. */
const Z = 1.2815515655446004;
export const CONFIDENCE = 0.8;

export interface Pace {
  /** Of the logarithm of seconds per unit. */
  readonly mean: number;
  /** How uncertain the mean is. */
  readonly variance: number;
  readonly withinSd: number;
  /** On how many sessions this rests. */
  readonly sessions: number;
}

/** A middle value that half of the outcomes lie below, between the ends of the 80 % interval. */
export interface Span {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** A finished session, as the model sees it. */
export interface Measured {
  readonly units: number;
  readonly ms: number;
}

/** Too short to say anything about a pace: a book opened by mistake. */
const LEAST_MS = 60_000;

export function isTelling({ units, ms }: Measured): boolean {
  return units > 0 && ms >= LEAST_MS;
}

export function logPace({ units, ms }: Measured): number {
  return Math.log(ms / 1000 / units);
}

/** A reader's pace after these sessions, newest first: their mean drawn towards that of all readers, the less the more there are. */
export function paceAfter(logPaces: readonly number[], { mean, betweenSd, withinSd }: PacePrior): Pace {
  let [precision, sum] = [1 / betweenSd ** 2, mean / betweenSd ** 2];
  logPaces.slice(0, SESSIONS_LOOKED_AT).forEach((y, age) => {
    const weight = AGEING ** age / withinSd ** 2;
    precision += weight;
    sum += weight * y;
  });
  return { mean: sum / precision, variance: 1 / precision, withinSd, sessions: Math.min(logPaces.length, SESSIONS_LOOKED_AT) };
}

/** Seconds for so many units in one session. */
export function secondsInOneSession(units: number, { mean, variance, withinSd }: Pace): Span {
  return span(Math.log(units) + mean, Math.sqrt(variance + withinSd ** 2));
}

/**
 * Seconds for so many units, read in sessions of a usual size. Their chance evens out, that of the reader's mean does not:
 * the sum of n lognormal times is lognormal in good approximation, with the same mean and variance (Fenton and Wilkinson).
 */
export function secondsLeft(units: number, unitsASession: number, { mean, variance, withinSd }: Pace): Span {
  if (units <= 0) return { low: 0, expected: 0, high: 0 };
  const sessions = Math.max(1, units / unitsASession);
  const ofTheSum = Math.log1p(Math.expm1(withinSd ** 2) / sessions);
  return span(Math.log(units) + mean + (withinSd ** 2 - ofTheSum) / 2, Math.sqrt(variance + ofTheSum));
}

function span(mean: number, sd: number): Span {
  return { low: Math.exp(mean - Z * sd), expected: Math.exp(mean), high: Math.exp(mean + Z * sd) };
}
