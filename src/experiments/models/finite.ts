import { FitRefused } from '../analysis/analysis.errors.js';

/** Answers hold numbers or null, never NaN or infinity: what has outgrown doubles is refused. */
export function demandFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new FitRefused('overflow', 'Settings or results are too large or too small to compute with; choose other units for them.');
  if (value && typeof value === 'object') for (const part of Object.values(value)) demandFinite(part);
}
