import type { KoreaderStat } from './koreader-file.js';
import type { Times } from '../sessions/told-times.js';

/** Pages further apart were not read in one go. */
const GAP_SECONDS = 15 * 60;
/** Pages closer together were read without a pause. */
const PAUSE_SECONDS = 5;
const LONGEST_PAGE_SECONDS = 6 * 3600;
const LONGEST_SESSION_SECONDS = 24 * 3600;
const MOST_STRETCHES = 1000;
/** There was no KOReader before. */
const EARLIEST = Date.UTC(2010, 0, 1) / 1000;
const MOST_PAGES = 100_000;

export interface KoreaderSession {
  readonly book: number;
  readonly stretches: readonly Times[];
  /** Those that were looked at, each once. */
  readonly pages: ReadonlySet<number>;
  /** Of the book, as it was laid out then. */
  readonly totalPages: number;
}

interface Draft {
  readonly book: number;
  readonly start: number;
  end: number;
  readonly stretches: { start: number; end: number }[];
  readonly pages: Set<number>;
  totalPages: number;
}

/** Whether a page can have been looked at like that. */
function isPossible([, page, start, duration, total]: KoreaderStat, now: number): boolean {
  return [page, start, duration, total].every(Number.isSafeInteger) && page >= 1 && page <= MOST_PAGES && duration > 0 && duration <= LONGEST_PAGE_SECONDS && start >= EARLIEST && start + duration <= now;
}

/** Sessions out of the pages that were looked at, cut where nothing was for a quarter of an hour. */
export function koreaderSessions(stats: readonly KoreaderStat[], now: Date): { sessions: KoreaderSession[]; impossible: number } {
  const possible = stats.filter((stat) => isPossible(stat, now.getTime() / 1000)).sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  const drafts: Draft[] = [];
  for (const [book, page, start, duration, totalPages] of possible) {
    let last = drafts.at(-1);
    if (!last || !goesOn(last, book, start, start + duration)) drafts.push(last = { book, start, end: start, stretches: [], pages: new Set(), totalPages });
    extend(last, start, start + duration);
    last.pages.add(page);
    last.totalPages = totalPages;
  }
  return { sessions: drafts.map(finished), impossible: stats.length - possible.length };
}

function goesOn({ book: before, start: began, end: ended, stretches }: Draft, book: number, start: number, end: number): boolean {
  return before === book && start - ended <= GAP_SECONDS && end - began <= LONGEST_SESSION_SECONDS && stretches.length < MOST_STRETCHES;
}

/** Two pages at once are one stretch: time passes once. */
function extend(draft: Draft, start: number, end: number): void {
  const stretch = draft.stretches.at(-1);
  if (stretch && start - stretch.end <= PAUSE_SECONDS) stretch.end = Math.max(stretch.end, end);
  else draft.stretches.push({ start, end });
  draft.end = Math.max(draft.end, end);
}

function finished({ book, stretches, pages, totalPages }: Draft): KoreaderSession {
  return { book, pages, totalPages, stretches: stretches.map(({ start, end }) => ({ startedAt: new Date(start * 1000), finishedAt: new Date(end * 1000) })) };
}
