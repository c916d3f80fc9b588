import { categoryLevels, type Factor, scale, shareBounds } from '../factors.js';
import type { PlotAxis } from './plot.js';
import type { PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';

export function numericAxis(of: { name: string; unit?: string | null | undefined }, domain: readonly [number, number]): PlotAxis {
  return { name: of.name, unit: of.unit ?? null, domain, categories: null };
}

export function namesAxis(of: { name: string; unit?: string | null | undefined }, categories: readonly string[]): PlotAxis {
  return { name: of.name, unit: of.unit ?? null, domain: null, categories };
}

/** From the least to the largest with a little room; never empty. */
export function roomy(values: readonly number[], room = 0.05): [number, number] {
  const [low, high] = extent(values);
  const width = high - low || Math.abs(low) * 0.1 || 1;
  return [low - room * width, high + room * width];
}

export function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** `count` values from low to high. */
export function steps([low, high]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? high : low + ((high - low) * index) / (count - 1)));
}

/** The range that was declared for a numeric factor. */
export function rangeOf(factor: Factor): [number, number] {
  const { low, high } = factor.kind === 'mixture' ? shareBounds(factor) : scale(factor);
  return [low, high];
}

/** Where a factor was really set. */
export function measuredRange({ factors, runs }: PlotSource, factor: Factor): [number, number] {
  const index = factors.indexOf(factor);
  return extent(runs.map(({ settings }) => Number(settings[index])));
}

/** The values of a factor that has few of them. */
export function levelsOf(factor: Factor): readonly (string | number)[] {
  return factor.kind === 'categorical' ? categoryLevels(factor) : (factor.levels ?? []);
}

/** The factors that the model has terms of. */
export function factorsInModel({ factors, predictor }: PlotSource): Factor[] {
  const used = new Set(predictor.spec.terms.flatMap(({ parts }) => parts.map(({ factor }) => factor)));
  return factors.filter(({ name }) => used.has(name));
}

export function factorNamed(factors: readonly Factor[], name: string, pointer: string): Factor {
  const factor = factors.find((each) => each.name === name);
  if (factor) return factor;
  throw new PlotRefused('factor', `${name.slice(0, 64)} is no factor of this model; its factors are ${factors.map((each) => each.name).join(', ')}.`, pointer);
}
