import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { padded, placeholders, Sql, type SqlConnection, type SqlValue } from '../platform/database/sql.js';
import { type JobReport, Jobs } from '../platform/jobs/jobs.js';
import { StatsRetention } from './stats-retention.js';
import { type DayCount, Tally } from './tally.js';

/** Deltas of one transaction: a few thousand users at most, so that the embedded engine's other writers wait for milliseconds. */
const CHUNK = 50;
const ROWS = 128;
const TALK = ['conversations', 'messages', 'prompt_tokens', 'completion_tokens'];
const DAY_COLUMNS: Readonly<Record<DayCount, string>> = {
  signUps: 'sign_ups', deletions: 'deletions', signIns: 'sign_ins', conversations: 'conversations', messages: 'messages', promptTokens: 'prompt_tokens',
  completionTokens: 'completion_tokens', limitRefusals: 'limit_refusals', creditRefusals: 'credit_refusals', creditsSpent: 'credits_spent',
};

/**
 * Adds the deltas to the sums. Deltas are deleted in the transaction that adds them, and held in it: however many fold at
 * once and wherever one is broken off, each is added once.
 */
@Injectable()
export class StatsFold {
  constructor(
    private readonly sql: Sql,
    private readonly retention: StatsRetention,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'stats.fold', description: 'adds what was counted to the sums of the days', schedule: CronExpression.EVERY_MINUTE, run: () => this.run() });
  }

  /** Everything that was committed when it began. */
  async run(): Promise<JobReport> {
    const { rows } = await this.sql.execute('SELECT MAX(id) FROM stats_deltas', []);
    const last = rows[0]?.[0] as string | null;
    for (let deltas = 0; ; ) {
      const folded = last === null ? 0 : await this.foldSome(last);
      deltas += folded;
      if (folded < CHUNK) return { deltas };
    }
  }

  private foldSome(last: string): Promise<number> {
    return this.sql.transaction(async (tx) => {
      const { rows } = await tx.execute(`SELECT id, body FROM stats_deltas WHERE id <= ? ORDER BY id LIMIT ${CHUNK}${this.sql.dialect.forUpdate}`, [last]);
      if (rows.length === 0) return 0;
      const tally = rows.reduce((sum, [, body]) => sum.merge(Tally.of(String(body))), new Tally());
      await this.add(tx, tally);
      const ids = padded(rows.map(([id]) => id as string));
      await tx.execute(`DELETE FROM stats_deltas WHERE id IN (${placeholders(ids.length)})`, ids);
      return rows.length;
    });
  }

  private async add(tx: SqlConnection, { days, users, models }: Tally): Promise<void> {
    const kept = await this.existing(tx, users.rows().filter(([day]) => day >= this.retention.firstDay));
    const active = await this.arrive(tx, kept);
    await this.grow(tx, 'stats_user_days', ['day', 'user_id'], TALK, kept.filter(([, , conversations]) => conversations > 0));
    await this.grow(tx, 'stats_model_days', ['day', 'model'], TALK, models.rows());
    await this.grow(tx, 'stats_days', ['day'], ['active_users'], [...active]);
    for (const [what, column] of Object.entries(DAY_COLUMNS)) await this.grow(tx, 'stats_days', ['day'], [column], days.rows().filter(([, each]) => each === what).map(([day, , number]) => [day, number]));
  }

  /** Those of users who were not erased meanwhile. */
  private async existing<T extends readonly [string, string, ...number[]]>(tx: SqlConnection, rows: readonly T[]): Promise<T[]> {
    const known = new Set<unknown>();
    for (const ids of parts([...new Set(rows.map(([, userId]) => userId))].sort())) {
      const asked = padded(ids);
      const found = await tx.execute(`SELECT id FROM principals WHERE id IN (${placeholders(asked.length)})${this.sql.dialect.forShare}`, asked);
      for (const [id] of found.rows) known.add(id);
    }
    return rows.filter(([, userId]) => known.has(userId)).sort((a, b) => (a[0] + a[1] < b[0] + b[1] ? -1 : 1));
  }

  /** Makes the rows of users who are new to a day; answers how many each day has. */
  private async arrive(tx: SqlConnection, rows: readonly (readonly [string, string, ...number[]])[]): Promise<Map<string, number>> {
    const active = new Map<string, number>();
    for (const day of new Set(rows.map(([each]) => each))) {
      for (const part of parts(rows.filter(([each]) => each === day))) {
        const values = padded(part);
        const statement = `${this.sql.dialect.insertIgnore} stats_user_days (day, user_id) VALUES ${tuples(values.length, 2)}`;
        const { affected } = await tx.execute(statement, values.flatMap(([, userId]) => [day, userId]));
        active.set(day, (active.get(day) ?? 0) + affected);
      }
    }
    return active;
  }

  private async grow(tx: SqlConnection, table: string, key: readonly string[], columns: readonly string[], rows: readonly (readonly SqlValue[])[]): Promise<void> {
    const all = [...key, ...columns];
    for (const part of parts(rows)) {
      const nothing = part[0]!.map((value, index) => (index < key.length ? value : 0));
      const values = [...part, ...padded(part).slice(part.length).map(() => nothing)];
      await tx.execute(`INSERT INTO ${table} (${all.join(', ')}) VALUES ${tuples(values.length, all.length)}${this.sql.dialect.adding(key, columns)}`, values.flat());
    }
  }
}

function* parts<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += ROWS) yield items.slice(start, start + ROWS);
}

function tuples(rows: number, columns: number): string {
  return Array.from({ length: rows }, () => `(${placeholders(columns)})`).join(', ');
}
