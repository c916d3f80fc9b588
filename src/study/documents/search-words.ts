/*
 * How text is cut into words and compared, when it is stored and when it is asked for. Both engines get words of letters
 * and digits behind single spaces, so that their own ideas of a word make no difference.
 */

const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}+/gu;
/** InnoDB indexes words of up to 84 characters; longer ones are found by their beginning. */
const LONGEST_WORD = 60;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Words of which InnoDB's index has nothing. */
const SHORTEST_INDEXED = 3;
const STOP_WORDS = new Set('about are com for from how that the this was what when where who will with und www'.split(' '));
const MOST_WORDS = 12;

/** What of a query an index answers, and what has to be looked for in the text itself. */
export interface SearchWords {
  /** Beginnings of words. */
  readonly indexed: readonly string[];
  /** Patterns for LIKE. */
  readonly patterns: readonly string[];
}

export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replace(MARKS, '').toLowerCase().normalize('NFC');
  return (folded.match(WORD) ?? []).map((word) => word.slice(0, LONGEST_WORD));
}

/** Whose pages these are, as a word that no text has. */
export function ownerWord(ownerId: string): string {
  return `owner${ownerId.replaceAll('-', '')}`;
}

export function searchTextOf(owner: string, text: string): string {
  return ` ${[owner, ...wordsOf(text)].join(' ')}`;
}

/** The words of a query, each once; undefined where there are none. */
export function searchWordsOf(query: string): SearchWords | undefined {
  const words = [...new Set(wordsOf(query))].slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  const isIndexed = (word: string): boolean => word.length >= SHORTEST_INDEXED && !STOP_WORDS.has(word) && !UNSPACED.test(word);
  return { indexed: words.filter(isIndexed), patterns: words.filter((word) => !isIndexed(word)).map((word) => (UNSPACED.test(word) ? `%${word}%` : `% ${word}%`)) };
}
