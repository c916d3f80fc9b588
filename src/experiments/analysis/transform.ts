import { FitRefused } from './analysis.errors.js';

/** What the response is turned into before the fit. `inverse` is 1/y. */
export const TRANSFORMS = ['none', 'ln', 'sqrt', 'inverse'] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** Refuses results for which the transform has no value. */
export function transformed(response: readonly number[], transform: Transform, nameOf = (index: number): string => `run ${index + 1}`): number[] {
  const wrong = response.findIndex((value) => !possible(value, transform));
  if (wrong < 0) return response.map((value) => forward(value, transform));
  throw new FitRefused('transform', `The result of ${nameOf(wrong)} is ${response[wrong]}, which ${transform} cannot take; choose another transform, or correct the result.`);
}

/** From the scale of the fit to that of the response. Of a mean it gives a median, not a mean; null where there is no such value. */
export function backTransformed(value: number, transform: Transform): number | null {
  if (transform === 'ln') return Math.exp(value);
  if (transform === 'sqrt') return value < 0 ? null : value * value;
  if (transform === 'inverse') return value === 0 ? null : 1 / value;
  return value;
}

function forward(value: number, transform: Transform): number {
  if (transform === 'ln') return Math.log(value);
  if (transform === 'sqrt') return Math.sqrt(value);
  return transform === 'inverse' ? 1 / value : value;
}

function possible(value: number, transform: Transform): boolean {
  if (transform === 'ln') return value > 0;
  if (transform === 'sqrt') return value >= 0;
  return transform === 'none' || value !== 0;
}
