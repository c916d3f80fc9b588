import { CONFIDENCE, type PaceUnit } from './pace-model.js';

/** What was expected of a session, and what came. */
export interface Compared {
  readonly sessionId: string;
  readonly unit: PaceUnit;
  readonly givenAt: Date;
  readonly sessions: number;
  readonly units: number | null;
  readonly activeMs: number | null;
  /** The logarithm of the time it took over the time that was expected. */
  readonly error: number | null;
  readonly covered: boolean | null;
}

export interface Accuracy {
  /** The share of sessions that should have lain within their interval. */
  readonly confidence: number;
  readonly compared: number;
  /** The share that did; null before any. */
  readonly coverage: number | null;
  /** Half of the sessions were off by less than this share of what was expected. */
  readonly medianError: number | null;
  /** How much longer sessions took than expected, as a share; less than 0 where they were shorter. */
  readonly bias: number | null;
  readonly latest: readonly Compared[];
}

const LATEST = 20;

/** @param compared newest first */
export function accuracyOf(compared: readonly Compared[]): Accuracy {
  const latest = compared.slice(0, LATEST);
  if (compared.length === 0) return { confidence: CONFIDENCE, compared: 0, coverage: null, medianError: null, bias: null, latest };
  const errors = compared.map(({ error }) => error!);
  const off = errors.map((error) => Math.abs(Math.expm1(error))).sort((a, b) => a - b);
  return {
    confidence: CONFIDENCE,
    compared: compared.length,
    coverage: compared.filter(({ covered }) => covered).length / compared.length,
    medianError: (off[Math.floor((off.length - 1) / 2)]! + off[Math.floor(off.length / 2)]!) / 2,
    bias: Math.expm1(errors.reduce((sum, error) => sum + error, 0) / errors.length),
    latest,
  };
}
