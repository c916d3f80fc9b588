import { type Fraction, fraction } from './two-level-fraction.js';
import { length, type SignedWord, times, wordText } from './words.js';

/**
 * What a fraction and its mirror image are together: the fraction whose defining relation keeps the words of even length
 * (Box, Hunter and Hunter, Statistics for Experimenters, ch. 6). Without odd words the mirror image is the design once more.
 */
export function withMirrorImage(design: Fraction): Fraction {
  const words = generatedWords(design);
  const odd = words.find(({ word }) => length(word.word) % 2 === 1);
  if (!odd) return design;
  const even = words.filter((generator) => generator !== odd).map(({ letter, word }) => ({ letter, word: length(word.word) % 2 === 0 ? word : times(word, odd.word) }));
  return fraction(design.factors, even.map(({ letter, word }) => `${wordText(letter)}=${wordText(word.word & ~letter, word.sign)}`));
}

/** Each generated factor with its word in base factors: no other word holds it. */
function generatedWords({ columns }: Fraction): { letter: number; word: SignedWord }[] {
  const isBase = (factor: number): boolean => length(columns[factor]!.word) === 1;
  const base = [...columns.keys()].filter(isBase);
  return [...columns.keys()].filter((factor) => !isBase(factor)).map((factor) => {
    const { word, sign } = columns[factor]!;
    const inBase = base.reduce((sum, letter, bit) => (word & (1 << bit) ? sum | (1 << letter) : sum), 0);
    return { letter: 1 << factor, word: { word: inBase | (1 << factor), sign } };
  });
}
