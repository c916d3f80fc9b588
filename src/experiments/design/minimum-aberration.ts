import { CATALOGUE } from './aberration-catalogue.js';
import { DesignRefused } from './design.errors.js';
import { fraction, type Fraction, fractionOfColumns, LARGEST_BASE, resolution } from './two-level-fraction.js';
import { LETTERS } from './words.js';

/** The fraction of least aberration for so many factors in so many runs; the full factorial where there is room for it. */
export function minimumAberration(factors: number, runs: number): Fraction {
  const base = Math.log2(runs);
  if (!Number.isInteger(base) || base < 2 || base > LARGEST_BASE) throw new DesignRefused('run-count', `A regular two-level design has 4, 8, 16 … ${2 ** LARGEST_BASE} runs, not ${runs}.`);
  if (factors <= base) return replicatedBase(factors, runs);
  const generated = CATALOGUE[runs]?.[factors] ?? oneWord(factors, base);
  if (!generated) throw outside(factors, runs);
  return fractionOfColumns(base, generated);
}

/** The smallest regular fraction that reaches a resolution: 3 keeps main effects apart, 5 also two-factor interactions. */
export function smallestOfResolution(factors: number, wanted: number): Fraction {
  for (let base = Math.max(2, Math.ceil(Math.log2(factors + 1))); base < factors; base += 1) {
    const generated = CATALOGUE[2 ** base]?.[factors] ?? oneWord(factors, base);
    const found = generated && fractionOfColumns(base, generated);
    if (found && (resolution(found)?.number ?? Infinity) >= wanted) return found;
  }
  return fraction(factors, []);
}

/** A half fraction: one word of all letters is best. */
function oneWord(factors: number, base: number): number[] | undefined {
  return factors === base + 1 ? [2 ** base - 1] : undefined;
}

function replicatedBase(factors: number, runs: number): Fraction {
  if (2 ** factors === runs) return fraction(factors, []);
  throw new DesignRefused('run-count', `${factors} factors at two levels have ${2 ** factors} combinations; replicate the full factorial rather than asking for ${runs} runs.`);
}

function outside(factors: number, runs: number): DesignRefused {
  if (factors > LETTERS.length) return new DesignRefused('factor-count', `A regular fraction takes at most ${LETTERS.length} factors; use a Plackett–Burman or D-optimal design.`);
  if (factors > runs - 1) return new DesignRefused('runs-too-few', `${runs} runs hold at most ${runs - 1} factors; take more runs.`);
  return new DesignRefused('not-catalogued', `Name the generators yourself: the catalogue holds 4 to 128 runs and half fractions, not ${factors} factors in ${runs} runs.`);
}
