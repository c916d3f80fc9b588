import { isDatabaseAway } from '../database/failures.js';
import { Problem } from '../problems/problem.js';

const LONGEST = 255;
const PATH = /(?:[A-Za-z]:)?(?:[\\/][\w.@-]+){2,}/g;

/** A failure in a sentence that may be shown to admins: no statement, no path. */
export function shortError(error: unknown): string {
  if (error instanceof Problem) return error.detail.slice(0, LONGEST);
  if (isDatabaseAway(error)) return 'The database did not answer.';
  const { code } = (error ?? {}) as { code?: unknown };
  if (error instanceof Error && ('sql' in error || 'query' in error || String(code).startsWith('SQLITE'))) return `The database refused a statement (${String(code)}).`;
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(PATH, '…').slice(0, LONGEST);
}
