import type { Report } from '../../../platform/compute/task.js';
import { ownerWord, searchWords } from '../../../platform/search/words.js';
import { cleanText, wordsIn } from './page-text.js';
import { OpenPdf } from './pdfium.js';

/** More is on no page that anybody reads. */
const MOST_CHARS_ON_PAGE = 60_000;
/** What one transaction writes in well under a second. */
const PORTION_CHARS = 150_000;
const PORTION_PAGES = 100;

export interface ReadOrder {
  readonly path: string;
  readonly ownerId: string;
  /** The first page to read, from 1. */
  readonly from: number;
}

export interface PageText {
  readonly number: number;
  readonly words: number;
  readonly text: string;
  readonly searchText: string;
}

export interface Portion {
  /** At least one, unless there are no more. */
  readonly pages: PageText[];
}

/** The next pages: so many as make a portion, or as its time allows. */
export function readPages({ path, ownerId, from }: ReadOrder, report: Report): Promise<Portion> {
  return OpenPdf.within(path, (pdf) => {
    const pages: PageText[] = [];
    const last = Math.min(pdf.pages, from + PORTION_PAGES - 1);
    const owner = ownerWord(ownerId);
    for (let number = from, chars = 0; number <= last && chars < PORTION_CHARS; number += 1) {
      // A page that cannot be loaded is a page without text: the others are worth having.
      const text = cleanText(pdf.text(number, MOST_CHARS_ON_PAGE) ?? '');
      pages.push({ number, words: wordsIn(text), text, searchText: [owner, ...searchWords(text)].join(' ') });
      chars += text.length;
      if (report((number - from + 1) / (last - from + 1))) break;
    }
    return { pages };
  });
}
