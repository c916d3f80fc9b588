import { DesignRefused } from './design.errors.js';
import { patternOf } from './word-length-pattern.js';
import { allProducts, byLength, effectsUpTo, length, LETTERS, type SignedWord, times, type Word, wordOf, wordText } from './words.js';

/** A regular two-level design of `factors` factors in 2^base runs; a full factorial where no factor is generated. */
export interface Fraction {
  factors: number;
  /** Number of base factors: 2^base runs. */
  base: number;
  /** For each factor its column as a product of base columns: bit i is the i-th base factor. */
  columns: readonly SignedWord[];
  /** Independent words that equal the identity, one for each generated factor. */
  generators: readonly SignedWord[];
}

const ROMAN = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', 'XIII', 'XIV', 'XV', 'XVI'];
export const LARGEST_BASE = 13;
const MOST_LISTED = 12;

/**
 * A fraction from generators such as `E=ABC` or `D=-AB`; a generated factor may be used in the generators after it.
 * Throws `DesignRefused` for generators that contradict each other or make a main effect the alias of another.
 */
export function fraction(factors: number, generators: readonly string[]): Fraction {
  checkSize(factors, factors - generators.length);
  const read = generators.map((text) => readGenerator(text, factors));
  const generated = new Map<number, SignedWord>();
  const base = baseFactors(factors, read);
  const column = (factor: number): SignedWord => generated.get(factor) ?? { word: 1 << base.indexOf(factor), sign: 1 };
  for (const { factor, product, text } of read) {
    const used = letterIndices(product.word);
    const early = used.find((other) => !base.includes(other) && !generated.has(other));
    if (early !== undefined) throw new DesignRefused('generator-order', `${text} uses ${LETTERS[early]}, which is generated later; write its generator first.`);
    generated.set(factor, used.map(column).reduce(times, { word: 0, sign: product.sign }));
  }
  const columns = Array.from({ length: factors }, (_, factor) => column(factor));
  checkMainEffects(columns);
  const words = read.map(({ factor, product }) => ({ word: product.word | (1 << factor), sign: product.sign }));
  return { factors, base: base.length, columns, generators: words };
}

/** The fraction whose generated factors have these columns, after base factors in order. */
export function fractionOfColumns(base: number, generated: readonly Word[]): Fraction {
  const columns = [...Array.from({ length: base }, (_, factor) => 1 << factor), ...generated].map((word): SignedWord => ({ word, sign: 1 }));
  checkMainEffects(columns);
  const generators = generated.map((word, index): SignedWord => ({ word: word | (1 << (base + index)), sign: 1 }));
  return { factors: columns.length, base, columns, generators };
}

/** Runs in standard order, −1 and 1: the first base factor varies fastest. */
export function fractionRuns({ base, columns }: Fraction): number[][] {
  return Array.from({ length: 2 ** base }, (_, run) => columns.map((column) => levelAt(column, run)));
}

/** Level of an effect in a run of the standard order. */
export function levelAt({ word, sign }: SignedWord, run: number): 1 | -1 {
  return length(word & ~run) % 2 === 0 ? sign : sign === 1 ? -1 : 1;
}

/**
 * The words that equal the identity, shortest first (Box and Hunter 1961); empty for a full factorial. With more than twelve
 * generated factors only words of up to four letters, which are what matters of so many.
 */
export function definingRelation(fraction: Fraction): SignedWord[] {
  const { generators, factors } = fraction;
  const words = generators.length <= MOST_LISTED ? allProducts(generators) : effectsUpTo(4, factors)
    .map((effect) => ({ effect, image: imageOf(fraction, effect) }))
    .filter(({ image }) => image.word === 0)
    .map(({ effect, image }) => ({ word: effect, sign: image.sign }));
  return words.sort((a, b) => byLength(a.word, b.word));
}

/** How many words of the defining relation have each length; lengths without words are left out (Fries and Hunter 1980). */
export function wordLengthPattern({ base, columns }: Fraction): Record<number, number> {
  const minuses = Uint8Array.from({ length: 2 ** base }, (_, run) => columns.reduce((count, { word }) => count + (length(word & run) % 2), 0));
  const counts = patternOf(minuses, columns.length).map((count, index): [number, number] => [index + 1, count]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Length of the shortest word, as a number and in Roman; null for a full factorial, where nothing is aliased. */
export function resolution(fraction: Fraction): { number: number; roman: string } | null {
  const lengths = Object.keys(wordLengthPattern(fraction)).map(Number);
  if (lengths.length === 0) return null;
  const number = Math.min(...lengths);
  return { number, roman: ROMAN[number] ?? String(number) };
}

export function generatorTexts({ columns, generators }: Fraction): string[] {
  const generated = new Set([...columns.keys()].filter((factor) => length(columns[factor]!.word) > 1).map((factor) => 1 << factor));
  return generators.map(({ word, sign }) => {
    // A generator may use factors that were generated before it: its own is the first new one.
    const letter = [...generated].find((bit) => word & bit)!;
    generated.delete(letter);
    return `${wordText(letter)}=${wordText(word & ~letter, sign)}`;
  });
}

/** The column of an effect as a product of base columns. Effects with the same base word are aliases. */
export function imageOf({ columns }: Fraction, effect: Word): SignedWord {
  return letterIndices(effect).map((factor) => columns[factor]!).reduce(times, { word: 0, sign: 1 });
}

export function letterIndices(word: Word): number[] {
  return [...LETTERS].map((_, factor) => factor).filter((factor) => word & (1 << factor));
}

function readGenerator(text: string, factors: number): { text: string; factor: number; product: SignedWord } {
  const [, left = '', minus, right = ''] = /^\s*([A-Z])\s*=\s*([+-]?)\s*([A-Z]+)\s*$/.exec(text) ?? [];
  if (left === '') throw new DesignRefused('generator-form', `${JSON.stringify(text)} is no generator; write it as E=ABC or E=-ABC.`);
  const factor = letterIndices(wordOf(left, factors))[0]!;
  const word = wordOf(right, factors);
  if (word & (1 << factor)) throw new DesignRefused('generator-circular', `${text} defines ${left} by itself; leave ${left} out of its right side.`);
  if (length(word) < 2) throw new DesignRefused('generator-main-effect', `${text} gives two factors the same column, so that neither can be told from the other; multiply two or more factors.`);
  return { text, factor, product: { word, sign: minus === '-' ? -1 : 1 } };
}

function baseFactors(factors: number, read: readonly { factor: number; text: string }[]): number[] {
  const generated = new Set<number>();
  for (const { factor, text } of read) {
    if (generated.has(factor)) throw new DesignRefused('generators-dependent', `${text} defines ${LETTERS[factor]} a second time; every generator needs a factor of its own.`);
    generated.add(factor);
  }
  return Array.from({ length: factors }, (_, factor) => factor).filter((factor) => !generated.has(factor));
}

/** Two equal columns, or a constant one, are words of length 2 or 1 in the defining relation. */
function checkMainEffects(columns: readonly SignedWord[]): void {
  columns.forEach(({ word }, factor) => {
    if (word === 0) throw new DesignRefused('generator-constant', `The generators make ${LETTERS[factor]} constant; choose others.`);
    const same = columns.findIndex((other) => other.word === word);
    if (same < factor) {
      throw new DesignRefused('resolution-too-low', `The generators give ${LETTERS[same]} and ${LETTERS[factor]} the same column (a word of length 2); change one of them.`);
    }
  });
}

function checkSize(factors: number, base: number): void {
  if (!Number.isInteger(factors) || factors < 1 || factors > LETTERS.length) {
    throw new DesignRefused('factor-count', `A two-level design takes 1 to ${LETTERS.length} factors.`);
  }
  if (base < 1) throw new DesignRefused('generators-too-many', `${factors} factors leave no base factor for that many generators; drop some.`);
  if (2 ** base < factors + 1) throw new DesignRefused('runs-too-few', `${2 ** base} runs cannot hold ${factors} main effects and the mean; use fewer generators.`);
  if (base > LARGEST_BASE) throw new DesignRefused('too-many-runs', `2^${base} runs are more than the ${2 ** LARGEST_BASE} that a design may have; add generators.`);
}

/** Every effect of order 1 to `order` with its aliases of these orders, in the order of the words. */
export function aliasTable(fraction: Fraction, order: number): Map<Word, SignedWord[]> {
  const effects = effectsUpTo(order, fraction.factors);
  const cosets = new Map<Word, SignedWord[]>();
  for (const effect of effects) {
    const { word, sign } = imageOf(fraction, effect);
    cosets.set(word, [...(cosets.get(word) ?? []), { word: effect, sign }]);
  }
  return new Map(effects.map((effect) => {
    const image = imageOf(fraction, effect);
    const others = cosets.get(image.word)!.filter(({ word }) => word !== effect);
    return [effect, others.map((other) => ({ word: other.word, sign: other.sign === image.sign ? 1 : -1 }))];
  }));
}
