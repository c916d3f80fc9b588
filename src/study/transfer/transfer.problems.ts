import { Problem } from '../../platform/problems/problem.js';
import type { RowFlaw } from './file-rows.js';

const FLAWS_TOLD = 100;

/** Nothing was written; the answer says what is wrong with which row. */
export class FileRefused extends Problem {
  constructor(flaws: readonly RowFlaw[]) {
    const { line, detail } = flaws[0]!;
    super('rule-broken', 'study.import-refused', `Nothing was imported. Line ${line}: ${detail}${flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : ''}`, { extensions: { errors: flaws.slice(0, FLAWS_TOLD), errorsTruncated: flaws.length > FLAWS_TOLD } });
  }
}

export class TooManyRows extends Problem {
  constructor(most: number) {
    super('too-large', 'study.import-too-many', `A file has ${most} rows at most; cut it into several.`);
  }
}

/** What was sent is no statistics database of KOReader, or none that can be read within bounds. */
export class KoreaderRefused extends Problem {
  constructor(detail: string, cause?: unknown) {
    super('rule-broken', 'study.koreader', detail, { cause });
  }
}
