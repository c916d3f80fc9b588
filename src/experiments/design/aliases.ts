import { aliasTable, definingRelation, type Fraction, fractionRuns, generatorTexts, imageOf, resolution, wordLengthPattern } from './two-level-fraction.js';
import { byLength, length, type SignedWord, type Word, wordText } from './words.js';

/** What a regular fraction confounds. Letters stand for factors in order, I left out; a leading minus means the negative. */
export interface AliasStructure {
  runs: number;
  generators: string[];
  /** `null` for a full factorial. */
  resolution: string | null;
  resolutionNumber: number | null;
  /** Number of words of each length in the defining relation. */
  wordLengthPattern: Record<number, number>;
  /** The shortest first; all of them with up to twelve generators, see `definingRelation`. */
  definingWords: string[];
  /** Each main effect with its aliases up to the order asked for. */
  aliasesOfMainEffects: Record<string, string[]>;
  aliasesOfTwoFactorInteractions: Record<string, string[]>;
  /** Aliased with no main effect and no two-factor interaction (Wu and Chen 1992). */
  clearMainEffects: string[];
  clearTwoFactorInteractions: string[];
}

/** `order`: highest order of interactions that are listed as aliases, 2 unless told. */
export function aliasStructure(fraction: Fraction, order = 2): AliasStructure {
  const table = aliasTable(fraction, Math.max(2, order));
  const reached = resolution(fraction);
  return {
    runs: 2 ** fraction.base,
    generators: generatorTexts(fraction),
    resolution: reached?.roman ?? null,
    resolutionNumber: reached?.number ?? null,
    wordLengthPattern: wordLengthPattern(fraction),
    definingWords: definingRelation(fraction).map(text),
    aliasesOfMainEffects: listed(table, 1, order),
    aliasesOfTwoFactorInteractions: listed(table, 2, order),
    clearMainEffects: clear(table, 1),
    clearTwoFactorInteractions: clear(table, 2),
  };
}

/**
 * The mirror image of a fraction, whose runs are to be added to it. Full fold-over changes the signs of all factors and frees
 * main effects from two-factor interactions; folding one factor frees that factor and its interactions (Box, Hunter and
 * Hunter, Statistics for Experimenters, ch. 6).
 * @param factors Indices of the factors whose signs change; all unless told.
 */
export function foldOver(fraction: Fraction, factors?: readonly number[]): number[][] {
  const changed = new Set(factors ?? fraction.columns.keys());
  return fractionRuns(fraction).map((run) => run.map((level, factor) => (changed.has(factor) ? -level : level)));
}

/** Words of the defining relation that a fold-over of these factors keeps: those with an even number of changed letters. */
export function wordsAfterFoldOver(fraction: Fraction, factors?: readonly number[]): SignedWord[] {
  const changed = (factors ?? [...fraction.columns.keys()]).reduce((word, factor) => word | (1 << factor), 0);
  return definingRelation(fraction).filter(({ word }) => length(word & changed) % 2 === 0);
}

/** Effects that share the column `image`, up to `order`. */
export function effectsOfColumn(fraction: Fraction, image: Word, order: number): SignedWord[] {
  return [...aliasTable(fraction, order).keys()]
    .map((effect) => ({ word: effect, image: imageOf(fraction, effect) }))
    .filter((effect) => effect.image.word === image)
    .map((effect) => ({ word: effect.word, sign: effect.image.sign }))
    .sort((a, b) => byLength(a.word, b.word));
}

function listed(table: ReadonlyMap<Word, SignedWord[]>, size: number, order: number): Record<string, string[]> {
  const effects = [...table].filter(([effect]) => length(effect) === size);
  return Object.fromEntries(effects.map(([effect, aliases]) => [wordText(effect), aliases.filter(({ word }) => length(word) <= order).map(text)]));
}

function clear(table: ReadonlyMap<Word, SignedWord[]>, size: number): string[] {
  return [...table]
    .filter(([effect, aliases]) => length(effect) === size && aliases.every(({ word }) => length(word) > 2))
    .map(([effect]) => wordText(effect));
}

function text({ word, sign }: SignedWord): string {
  return wordText(word, sign);
}
