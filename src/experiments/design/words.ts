import { DesignRefused } from './design.errors.js';

/**
 * Effects of two-level factors as words: bit i stands for factor i, and the product of two effects is the exclusive or of
 * their words, since the square of a two-level column is the identity (Box and Hunter 1961, Technometrics 3, 311).
 */
export type Word = number;

export interface SignedWord {
  word: Word;
  sign: 1 | -1;
}

/** I is left out: it is the identity. */
export const LETTERS = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';

export function wordOf(text: string, factors: number): Word {
  let word = 0;
  for (const letter of text) {
    const factor = LETTERS.indexOf(letter);
    if (factor < 0 || factor >= factors) {
      throw new DesignRefused('letter-unknown', `${text} holds ${JSON.stringify(letter)}; the factors are ${LETTERS.slice(0, factors)} (I is left out).`);
    }
    if (word & (1 << factor)) throw new DesignRefused('letter-repeated', `${text} holds ${letter} twice; a two-level factor times itself is constant.`);
    word |= 1 << factor;
  }
  return word;
}

/** Letters of a word, with a leading minus for the negative. */
export function wordText(word: Word, sign: 1 | -1 = 1): string {
  return (sign < 0 ? '-' : '') + [...LETTERS].filter((_, factor) => word & (1 << factor)).join('');
}

/** Number of letters. */
export function length(word: Word): number {
  let rest = word;
  let count = 0;
  for (; rest !== 0; count += 1) rest &= rest - 1;
  return count;
}

export function times(a: SignedWord, b: SignedWord): SignedWord {
  return { word: a.word ^ b.word, sign: a.sign === b.sign ? 1 : -1 };
}

/** Shorter words first, then in the order of the alphabet. */
export function byLength(a: Word, b: Word): number {
  return length(a) - length(b) || (wordText(a) < wordText(b) ? -1 : 1);
}

/** All products of one or more of the words: 2^p − 1 of them for p words. */
export function allProducts(words: readonly SignedWord[]): SignedWord[] {
  const found: SignedWord[] = [{ word: 0, sign: 1 }];
  for (const word of words) found.push(...found.map((other) => times(other, word)));
  return found.slice(1);
}

/** Every effect of order 1 to `order`. */
export function effectsUpTo(order: number, factors: number): Word[] {
  const found: Word[] = [];
  let last: Word[] = [0];
  for (let size = 1; size <= order; size += 1) {
    last = last.flatMap((word) => lettersAfter(word, factors).map((letter) => word | letter));
    found.push(...last);
  }
  return found;
}

function lettersAfter(word: Word, factors: number): Word[] {
  const first = word === 0 ? 0 : 32 - Math.clz32(word);
  return Array.from({ length: Math.max(0, factors - first) }, (_, index) => 1 << (first + index));
}
