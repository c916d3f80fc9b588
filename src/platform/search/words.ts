import { comparable } from '../http/text.js';

/** Of the longest word; the rest of a longer one is not searched. MySQL takes 84 characters. */
const LONGEST = 40;
/**
 * Before each word: MySQL neither indexes words of fewer than three characters nor those of its list of stop words, and no
 * word with this is either.
 */
const MARK = 'zz';
const SEGMENTER = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * What of a text can be searched: its words, folded and without accents, each once. They are cut here because the engines
 * cut differently, and neither knows where words of Chinese or Thai end.
 */
export function searchWords(text: string): string[] {
  const segments = [...SEGMENTER.segment(comparable(text))].filter(({ isWordLike }) => isWordLike);
  const words = segments.map(({ segment }) => plain(segment)).filter((word) => word !== '');
  return [...new Set(words)].map((word) => MARK + word);
}

/** The owner as a word among those of a text, so that a search reads what is one person's and nothing else. */
export function ownerWord(ownerId: string): string {
  return `oo${ownerId.replaceAll('-', '')}`;
}

/** What finds the texts of an owner with all these words or beginnings of words, in MySQL's boolean mode; undefined where there is no word in it. */
export function mysqlMatch(ownerId: string, asked: string): string | undefined {
  const words = searchWords(asked);
  return words.length === 0 ? undefined : [`+${ownerWord(ownerId)}`, ...words.map((word) => `+${word}*`)].join(' ');
}

/** The same for FTS5. */
export function embeddedMatch(ownerId: string, asked: string): string | undefined {
  const words = searchWords(asked);
  return words.length === 0 ? undefined : [`"${ownerWord(ownerId)}"`, ...words.map((word) => `"${word}"*`)].join(' AND ');
}

/** Letters and digits alone: whatever else may stand in a word, the engines would cut it there. */
function plain(word: string): string {
  return Array.from(word.normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '').normalize('NFC')).slice(0, LONGEST).join('');
}
