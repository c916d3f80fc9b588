import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { EntityTransaction } from '../database/entity-transaction.js';
import { isDuplicate, isRetryable } from '../database/failures.js';
import { millisOf, padded, placeholders, type Row, Sql, type SqlConnection } from '../database/sql.js';
import type { Topic } from './topic.js';

/** A numbered change up to which somebody knows them all. */
export interface Mark {
  readonly seq: number;
  readonly id: string;
}

export interface Entry {
  readonly id: string;
  /** Null until it is numbered. */
  readonly seq: number | null;
  readonly topic: Topic;
  readonly subject: string;
  readonly at: number;
}

export interface Page {
  /** Without a number first, then by number. */
  readonly entries: readonly Entry[];
  /** The greatest number given when the page was read. */
  readonly greatest: number;
  readonly isFull: boolean;
}

/** Before the first change of all. */
export const BEGINNING: Mark = { seq: 0, id: '' };

const PAGE = 1000;
const NUMBERED_AT_ONCE = 256;
const PURGED_AT_ONCE = 256;
const KEPT_MS = 24 * 3_600_000;
/** Without this hint MySQL may walk through a small table, and wait for a row that another transaction has not committed. */
const BY_ID = '/*+ INDEX(changes PRIMARY) */';
const INSERT = 'INSERT INTO changes (id, at, topic, subject) VALUES (?, ?, ?, ?)';
// One statement, hence one snapshot: no change in it that has no number yet can have one at or below `greatest`.
const SINCE = `SELECT id, seq, topic, subject, at, (SELECT MAX(seq) FROM changes) FROM changes WHERE seq >= ? OR seq IS NULL ORDER BY seq LIMIT ${PAGE}`;
const OLD = `SELECT id FROM changes WHERE seq <= ? ORDER BY seq LIMIT ${PURGED_AT_ONCE}`;
const NEWEST = 'SELECT seq, id FROM changes WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1';

/**
 * The table of changes. A change is numbered after its commit, by whichever process finds it first. A number is given only
 * by those who have seen the one before it committed, and the unique key lets one of them succeed: so numbers become
 * visible in their order and a reader who goes by them can miss nothing, however long a transaction was open.
 */
@Injectable()
export class ChangeLog {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  /** Joins the caller's transaction. */
  async add(tx: EntityManager | SqlConnection, id: string, topic: Topic, subject: string): Promise<void> {
    const connection = 'execute' in tx ? tx : new EntityTransaction(tx);
    await connection.execute(INSERT, [id, this.clock.now(), topic, subject]);
  }

  async newest(): Promise<Mark> {
    const { rows } = await this.sql.execute(NEWEST, []);
    return rows[0] ? { seq: Number(rows[0][0]), id: rows[0][1] as string } : BEGINNING;
  }

  /** What came after the mark. Undefined when the table does not reach back to it, or is not the table it was. */
  async since(mark: Mark): Promise<Page | undefined> {
    const { rows } = await this.sql.execute(SINCE, [mark.seq]);
    const entries = rows.map(entryOf);
    const numbered = entries.find(({ seq }) => seq !== null);
    const isFull = entries.length === PAGE;
    if (!continues(mark, numbered) && !(isFull && !numbered)) return undefined;
    return { entries: entries.filter(({ id }) => id !== mark.id), greatest: Number(rows[0]?.[5] ?? 0), isFull };
  }

  /** Gives the next numbers to these. When another process does the same at this moment, whoever is first has done it. */
  async number(ids: readonly string[], greatest: number): Promise<void> {
    if (ids.length === 0) return;
    const given = ids.slice(0, NUMBERED_AT_ONCE);
    const numbers = padded(given.map((id, index) => [id, greatest + 1 + index] as const));
    const whens = numbers.map(() => 'WHEN ? THEN ?').join(' ');
    try {
      await this.sql.execute(`UPDATE ${BY_ID} changes SET seq = CASE id ${whens} END WHERE seq IS NULL AND id IN (${placeholders(numbers.length)})`, [...numbers.flat(), ...numbers.map(([id]) => id)]);
    } catch (error) {
      if (!isDuplicate(error) && !isRetryable(error)) throw error;
    }
  }

  /** Forgets what everybody has long heard of; the newest stays, for numbers to go on from. */
  async purge(): Promise<{ removed: number }> {
    const { seq: newest } = await this.newest();
    const { rows } = await this.sql.execute('SELECT MAX(seq) FROM changes WHERE at < ?', [new Date(this.clock.millis() - KEPT_MS)]);
    const last = Math.min(Number(rows[0]![0] ?? 0), newest - 1);
    let removed = 0;
    for (;;) {
      const { rows: old } = await this.sql.execute(OLD, [last]);
      if (old.length === 0) return { removed };
      const ids = padded(old.map(([id]) => id as string));
      removed += (await this.sql.execute(`DELETE ${BY_ID} FROM changes WHERE id IN (${placeholders(ids.length)})`, ids)).affected;
    }
  }
}

/** The row of the mark itself must still be there: then nothing between it and what follows is missing. */
function continues(mark: Mark, first: Entry | undefined): boolean {
  if (mark.seq === 0) return first === undefined || first.seq === 1;
  return first?.seq === mark.seq && first.id === mark.id;
}

function entryOf(row: Row): Entry {
  return { id: row[0] as string, seq: row[1] === null ? null : Number(row[1]), topic: row[2] as Topic, subject: row[3] as string, at: millisOf(row[4]) };
}
