import { createHash } from 'node:crypto';
import { isTimeZone } from '../../platform/clock/local-days.js';
import { SESSION_KINDS } from '../sessions/study-session.entity.js';
import type { Times } from '../sessions/told-times.js';
import type { DocumentMatcher } from './document-matcher.js';
import type { FileRow } from './file-rows.js';
import type { SessionDraft } from './session-drafts.js';

const MOST_PAGES = 100_000;
const MOST_WORDS = 2_000_000_000;
const MOST_STRETCHES = 1000;
const LONGEST_MS = 7 * 86_400_000;
const INTERVALS = /^\S+\/\S+(?: \S+\/\S+)*$/;

export interface ReadingTerms {
  readonly documents: DocumentMatcher;
  /** Of those that do not say theirs. */
  readonly timeZone: string;
  readonly now: Date;
}

/** A line of a file of sessions; null where something is wrong with it. */
export function readSession(row: FileRow, { documents, timeZone, now }: ReadingTerms): SessionDraft | null {
  const stretches = stretchesOf(row, now);
  const zone = row.text('timeZone', 64) ?? timeZone;
  if (!isTimeZone(zone)) row.wrong('timeZone', 'zone', 'is no IANA time zone such as Europe/Berlin');
  const document = documents.find({ id: row.text('documentId', 36), sha256: row.text('documentSha256', 64), title: row.text('documentTitle', 300) });
  const draft = {
    kind: row.word('kind', SESSION_KINDS) ?? 'reading', timeZone: zone, documentId: document?.id ?? null,
    firstPage: row.whole('firstPage', 1, MOST_PAGES), lastPage: row.whole('lastPage', 1, MOST_PAGES), pages: row.whole('pages', 0, MOST_PAGES),
    words: row.whole('words', 0, MOST_WORDS), exercises: row.whole('exercises', 0, MOST_PAGES), note: row.text('note', 2000),
  } as const;
  const id = row.text('id', 100);
  return stretches && { ...draft, stretches, importKey: id ?? hashOf(stretches) };
}

/** The intervals where the file has them, else from start to finish. */
function stretchesOf(row: FileRow, now: Date): Times[] | null {
  const [startedAt, finishedAt] = [row.required('startedAt', row.instant('startedAt')), row.required('finishedAt', row.instant('finishedAt'))];
  const text = row.text('intervals', 65_536);
  if (!startedAt || !finishedAt) return null;
  if (text !== null && !INTERVALS.test(text)) return row.wrong('intervals', 'intervals', 'is not begin/end, with spaces between');
  const stretches = text === null ? [{ startedAt, finishedAt }] : text.split(' ').map((each) => ({ startedAt: new Date(each.split('/')[0]!), finishedAt: new Date(each.split('/')[1]!) }));
  if (stretches.length > MOST_STRETCHES) return row.wrong('intervals', 'too-many', `has more than ${MOST_STRETCHES} of them`);
  return inOrder(stretches) && stretches.at(-1)!.finishedAt <= now ? stretches : row.wrong(text === null ? 'finishedAt' : 'intervals', 'order', 'does not run forwards, lies in the future, or goes on for more than a week');
}

function inOrder(stretches: readonly Times[]): boolean {
  return stretches.every(({ startedAt, finishedAt }, index) => {
    const previous = stretches[index - 1]?.finishedAt.getTime() ?? 0;
    return startedAt.getTime() >= previous && finishedAt >= startedAt && finishedAt.getTime() - startedAt.getTime() <= LONGEST_MS;
  });
}

function hashOf(stretches: readonly Times[]): string {
  const text = stretches.map(({ startedAt, finishedAt }) => `${startedAt.getTime()}/${finishedAt.getTime()}`).join(' ');
  return `times:${createHash('sha256').update(text).digest('base64url')}`;
}
