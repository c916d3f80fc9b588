import { DesignRefused } from './design.errors.js';
import { effectsOfColumn } from './aliases.js';
import { type Fraction, imageOf, levelAt } from './two-level-fraction.js';
import { allProducts, effectsUpTo, length, type SignedWord, type Word, wordOf, wordText } from './words.js';

/** How the runs of a regular two-level design fall into blocks, and what that costs. */
export interface Blocking {
  blocks: number;
  blockSize: number;
  blockGenerators: string[];
  /** One list for each degree of freedom between blocks: the effects that cannot be told from it. */
  confoundedWithBlocks: string[][];
  confoundedMainEffects: string[];
  confoundedTwoFactorInteractions: string[];
  /** Block of each run in standard order, from 0: bit i is 1 where generator i is +1. */
  blockOfRun: number[];
}

/** Longer lists of confounded effects say nothing more. */
const LARGEST_FULL_LIST = 12;

/**
 * Confounds the chosen effects and all their generalised interactions with blocks (Yates 1937; Box, Hunter and Hunter, ch. 5).
 * Throws `DesignRefused` where that would cost a main effect or the generators depend on each other.
 */
export function blocked(fraction: Fraction, generators: readonly string[]): Blocking {
  const images = generators.map((text) => imageOf(fraction, wordOf(text, fraction.factors)));
  const confounded = allProducts(images);
  checkIndependent(confounded, generators);
  const main = confoundedOf(fraction, confounded, 1);
  if (main.length > 0) throw new DesignRefused('block-main-effect', `Blocks by ${generators.join(', ')} hide the main effect ${main.join(', ')}; choose other block generators.`);
  checkBlockSize(fraction, generators.length);
  const order = fraction.factors <= LARGEST_FULL_LIST ? fraction.factors : 3;
  return {
    blocks: 2 ** generators.length,
    blockSize: 2 ** (fraction.base - generators.length),
    blockGenerators: [...generators],
    confoundedWithBlocks: confounded.map(({ word }) => effectsOfColumn(fraction, word, order).map((effect) => wordText(effect.word))),
    confoundedMainEffects: [],
    confoundedTwoFactorInteractions: confoundedOf(fraction, confounded, 2),
    blockOfRun: Array.from({ length: 2 ** fraction.base }, (_, run) => blockAt(images, run)),
  };
}

/** Block generators that confound the fewest two-factor interactions, then the fewest of three factors. `blocks`: 2, 4, 8 … */
export function bestBlockGenerators(fraction: Fraction, blocks: number): string[] {
  const wanted = Math.log2(blocks);
  if (!Number.isInteger(wanted) || wanted < 1) throw new DesignRefused('block-count', `A two-level design is cut into 2, 4, 8 … blocks, not ${blocks}.`);
  checkBlockSize(fraction, wanted);
  const cost = columnCosts(fraction);
  const found = cheapestGroup(cost, 2 ** fraction.base, wanted);
  if (!found) throw new DesignRefused('block-main-effect', `${blocks} blocks of this design always hide a main effect; take fewer blocks or more runs.`);
  return found.map((image) => wordText(effectsOfColumn(fraction, image, fraction.factors <= LARGEST_FULL_LIST ? fraction.factors : 4)[0]?.word ?? image));
}

interface Cost {
  /** Main effects, two-factor and three-factor interactions of a column, weighed so that one number orders them. */
  of(image: Word): number;
}

const MAIN = 1e6;
const TWO = 1e3;

function columnCosts(fraction: Fraction): Cost {
  const costs = new Map<Word, number>();
  for (const effect of effectsUpTo(Math.min(3, fraction.factors), fraction.factors)) {
    const image = imageOf(fraction, effect).word;
    costs.set(image, (costs.get(image) ?? 0) + [0, MAIN, TWO, 1][length(effect)]!);
  }
  return { of: (image) => costs.get(image) ?? 0 };
}

/** Adds one generator at a time, tries the cheapest first, and gives up a branch as soon as it costs as much as the best. */
function cheapestGroup(cost: Cost, columns: number, wanted: number): Word[] | undefined {
  const order = Array.from({ length: columns - 1 }, (_, index) => index + 1).sort((a, b) => cost.of(a) - cost.of(b));
  let best: { group: Word[]; cost: number } | undefined;
  let steps = 0;
  const extend = (group: readonly Word[], span: readonly Word[], sum: number, from: number): void => {
    if (group.length === wanted) {
      if (!best || sum < best.cost) best = { group: [...group], cost: sum };
      return;
    }
    for (let index = from; index < order.length && steps < 200_000; index += 1) {
      const image = order[index]!;
      if (span.includes(image)) continue;
      steps += 1;
      const added = [image, ...span.map((other) => other ^ image)];
      const next = sum + added.reduce((total, column) => total + cost.of(column), 0);
      if (next < Math.min(best?.cost ?? Infinity, MAIN)) extend([...group, image], [...span, ...added], next, index + 1);
    }
  };
  extend([], [], 0, 0);
  return best?.group;
}

function blockAt(images: readonly SignedWord[], run: number): number {
  return images.reduce((block, image, bit) => block | (levelAt(image, run) > 0 ? 1 << bit : 0), 0);
}

function confoundedOf(fraction: Fraction, confounded: readonly SignedWord[], order: number): string[] {
  const images = new Set(confounded.map(({ word }) => word));
  return effectsUpTo(order, fraction.factors)
    .filter((effect) => length(effect) === order && images.has(imageOf(fraction, effect).word))
    .map((effect) => wordText(effect));
}

function checkIndependent(confounded: readonly SignedWord[], generators: readonly string[]): void {
  if (confounded.every(({ word }) => word !== 0)) return;
  throw new DesignRefused('block-generators-dependent', `The block generators ${generators.join(', ')} multiply to a constant column; choose independent ones.`);
}

function checkBlockSize(fraction: Fraction, generators: number): void {
  if (generators < fraction.base) return;
  throw new DesignRefused('block-size', `${2 ** fraction.base} runs in ${2 ** generators} blocks leave one run or none in each; take fewer blocks.`);
}
