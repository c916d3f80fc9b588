import { categoryLevels, codedLevels, type Factor } from '../factors.js';
import { type ColumnPart, type Contrasts, contrastValue, type FactoredColumn } from '../model-matrix.js';

/**
 * Mean of the product of every two columns over the whole region, exactly: the cube of continuous factors, the levels of
 * discrete and categorical ones alike, the full simplex of shares (by Dirichlet's integral). Box and Draper (1959), J. Am.
 * Stat. Assoc. 54, 622, call these the region moments.
 */
export function regionMoments(factors: readonly Factor[], columns: readonly FactoredColumn[], contrasts: Contrasts): number[][] {
  return columns.map((a) => columns.map((b) => momentOf(factors, [...a.parts, ...b.parts], contrasts)));
}

function momentOf(factors: readonly Factor[], parts: readonly ColumnPart[], contrasts: Contrasts): number {
  const shares = factors.filter(({ kind }) => kind === 'mixture').map(({ name }) => powerOf(parts, name));
  const others = factors.filter(({ kind }) => kind !== 'mixture').map((factor) => marginal(factor, parts.filter((part) => part.factor === factor.name), contrasts));
  return others.reduce((value, mean) => value * mean, dirichlet(shares));
}

function marginal(factor: Factor, parts: readonly ColumnPart[], contrasts: Contrasts): number {
  if (parts.length === 0) return 1;
  if (factor.kind === 'categorical') {
    const levels = categoryLevels(factor);
    return mean(levels.map((setting) => parts.reduce((value, { level }) => value * contrastValue(levels, level!, setting, contrasts), 1)));
  }
  const power = powerOf(parts, factor.name);
  const levels = codedLevels(factor);
  if (levels) return mean(levels.map((level) => Number(level) ** power));
  return power % 2 === 1 ? 0 : 1 / (power + 1);
}

/** Mean of the product of powers of shares over the simplex. */
function dirichlet(powers: readonly number[]): number {
  let value = 1;
  let divisor = powers.length;
  for (const power of powers) {
    for (let step = 1; step <= power; step += 1) {
      value *= step / divisor;
      divisor += 1;
    }
  }
  return value;
}

function powerOf(parts: readonly ColumnPart[], name: string): number {
  return parts.reduce((sum, { factor, power }) => (factor === name ? sum + power : sum), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
