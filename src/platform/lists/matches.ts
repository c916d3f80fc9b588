import type { SqlValue } from '../database/sql.js';
import { all, beginsWith } from './conditions.js';
import { BadCursor, cursorOf, cursorText } from './cursor.js';
import type { Page } from './keyset.js';
import type { Condition } from './listing.js';

/** How a search is sorted that asks for no order: by the text that was found. */
export const MATCH = 'match';

interface Place {
  /** Which of the searched columns begins with the text; the first that does counts. */
  readonly branch: number;
  readonly text: string;
  readonly id: string;
  readonly backwards: boolean;
}

interface Asked {
  readonly table: string;
  readonly columns: readonly string[];
  readonly prefix: string;
  readonly condition: Condition;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Statement {
  /** After `SELECT … FROM table WHERE`. */
  readonly tail: string;
  readonly values: readonly SqlValue[];
}

interface Found<T> {
  readonly branch: number;
  readonly record: T;
}

/**
 * A page of what begins with a text, in the order of the index in which it is found: first by the first searched column,
 * then by the next where the first does not match. However many there are, only the page is read.
 */
export class Matches {
  private readonly cursor: Place | undefined;

  constructor(private readonly asked: Asked) {
    this.cursor = asked.cursor === undefined ? undefined : placeOf(asked.cursor, asked.columns.length);
  }

  /** @param read runs a statement, and tells the text in the branch's column and the id of a record */
  async page<T>(read: (statement: Statement) => Promise<T[]>, textOf: (record: T, branch: number) => { text: string; id: string }): Promise<Page<T>> {
    const { limit } = this.asked;
    const backwards = this.cursor?.backwards ?? false;
    const found: Found<T>[] = [];
    for (const branch of this.branches) {
      const records = await read(this.statement(branch, limit + 1 - found.length));
      found.push(...records.map((record) => ({ branch, record })));
      if (found.length > limit) break;
    }
    const hasMore = found.length > limit;
    const data = found.slice(0, limit);
    if (backwards) data.reverse();
    const at = (one: Found<T> | undefined, before: boolean, isThere: boolean): string | null => (one && isThere ? textOfPlace({ branch: one.branch, backwards: before, ...textOf(one.record, one.branch) }) : null);
    return {
      data: data.map(({ record }) => record),
      nextCursor: at(data.at(-1), false, backwards || hasMore),
      prevCursor: at(data[0], true, backwards ? hasMore : this.cursor !== undefined),
    };
  }

  /** From the cursor's on, in the direction of the page. */
  private get branches(): number[] {
    const every = this.asked.columns.map((_, branch) => branch);
    if (!this.cursor) return every;
    const { branch: begin, backwards } = this.cursor;
    return backwards ? every.slice(0, begin + 1).reverse() : every.slice(begin);
  }

  private statement(branch: number, limit: number): Statement {
    const { columns, prefix, condition } = this.asked;
    const column = columns[branch]!;
    const earlier = columns.slice(0, branch).map((each) => not(beginsWith(each, prefix)));
    const { sql, values } = all([beginsWith(column, prefix), ...earlier, condition, ...this.past(branch)]);
    const direction = this.cursor?.backwards ? 'DESC' : 'ASC';
    return { tail: `${sql} ORDER BY ${column} ${direction}, ${this.asked.table}.id ${direction} LIMIT ${limit}`, values };
  }

  private past(branch: number): Condition[] {
    if (this.cursor?.branch !== branch) return [];
    const { text, id, backwards } = this.cursor;
    const column = this.asked.columns[branch]!;
    const past = backwards ? '<' : '>';
    return [{ sql: `${column} ${past}= ? AND (${column} ${past} ? OR ${this.asked.table}.id ${past} ?)`, values: [text, text, id] }];
  }
}

function not({ sql, values }: Condition): Condition {
  return { sql: `NOT (${sql})`, values };
}

function textOfPlace({ branch, text, id, backwards }: Place): string {
  return cursorText({ sort: MATCH, backwards, value: `${branch}${text}`, id });
}

function placeOf(cursor: string, branches: number): Place {
  const { sort, backwards, value, id } = cursorOf(cursor);
  const branch = typeof value === 'string' ? Number(value[0]) : NaN;
  if (sort !== MATCH || !(branch < branches)) throw new BadCursor();
  return { branch, text: (value as string).slice(1), id, backwards };
}
