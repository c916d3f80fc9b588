import { codedLevels, type Factor, type Setting } from '../factors.js';
import { DesignRefused } from './design.errors.js';
import { checkSize } from './planned-run.js';

/**
 * Every combination of levels in standard order: the first factor varies fastest (Yates 1937).
 * @param levels For each factor how many levels, equally spaced, a continuous one takes; the levels of others are their own.
 */
export function fullFactorial(factors: readonly Factor[], levels: readonly number[] = []): Setting[][] {
  const choices = factors.map((factor, index) => levelsOf(factor, levels[index] ?? 2));
  checkSize(choices.reduce((count, { length }) => count * length, 1));
  return product(choices);
}

/** `count` equally spaced coded values from −1 to 1. */
export function evenLevels(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (2 * index) / (count - 1) - 1);
}

/** Every combination, the first list varying fastest. */
export function product<T>(choices: readonly (readonly T[])[]): T[][] {
  return choices.reduce<T[][]>((found, items) => items.flatMap((item) => found.map((rest) => [...rest, item])), [[]]);
}

function levelsOf(factor: Factor, count: number): Setting[] {
  if (factor.kind === 'mixture') throw new DesignRefused('mixture', `${factor.name} is a share of a mixture, whose shares cannot vary freely; use a simplex or D-optimal design.`);
  const own = codedLevels(factor);
  if (own) return own;
  if (!Number.isInteger(count) || count < 2) throw new DesignRefused('one-level', `${factor.name} needs at least two levels to show an effect, not ${count}.`);
  checkSize(count);
  return evenLevels(count);
}
