import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Settings } from '../config/settings.js';
import { hmac, Keyring } from '../crypto/keyring.js';
import { WrappedColumns } from '../crypto/wrapped-columns.js';
import { EntityTransaction } from '../database/entity-transaction.js';
import { isDuplicate } from '../database/failures.js';
import { Sql, type SqlConnection } from '../database/sql.js';
import { Jobs } from '../jobs/jobs.js';
import { Problem } from '../problems/problem.js';
import type { IdempotentRequest } from './idempotent-request.js';

interface Stored {
  route: string;
  bodyHash: string;
  answer: string;
}

/** Somebody else carries this request out, or has: thrown inside the transaction, so that nothing of it remains. */
class AlreadyClaimed extends Error {}

/**
 * Answers a repeated request with the stored answer of the first. The key is claimed first, in the transaction that has
 * the effect: of callers that come at once the primary key lets one through and the others wait for its commit, before
 * they could be refused for what it took. So there is never an effect without its answer, nor an answer without effect.
 * Refusals are not stored: a request that had no effect may be tried again with the same key.
 */
@Injectable()
export class Idempotency implements OnModuleInit {
  private readonly bodyKey: Buffer;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly jobs: Jobs,
    wrapped: WrappedColumns,
  ) {
    wrapped.register({ table: 'idempotency_keys', column: 'answer', key: ['caller_id', 'idempotency_key'], context: (callerId, key) => contextOf({ callerId, key }) });
    this.bodyKey = keyring.derive('idempotency-body');
  }

  onModuleInit(): void {
    this.jobs.define({ name: 'idempotency.purge', description: 'forgets answers to repeated requests that are too old', schedule: CronExpression.EVERY_HOUR, run: () => this.purge() });
  }

  /** One transaction over entities. Without a key it simply runs. The answer must be plain JSON: a repeat gets its text. */
  inTransaction<T extends object>(request: IdempotentRequest | undefined, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    if (!request) return this.db.transaction(work);
    return this.once(request, () => this.db.transaction((tx) => this.claimed(new EntityTransaction(tx), request, () => work(tx))));
  }

  /** One transaction of prepared statements. Without a key it simply runs. */
  inSqlTransaction<T extends object>(request: IdempotentRequest | undefined, work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    if (!request) return this.sql.transaction(work);
    return this.once(request, () => this.sql.transaction((tx) => this.claimed(tx, request, () => work(tx))));
  }

  private async claimed<T extends object>(tx: SqlConnection, request: IdempotentRequest, work: () => Promise<T>): Promise<T> {
    const { callerId, key, route, body } = request;
    try {
      await tx.execute(CLAIM, [callerId, key, route, this.hashOf(body), '', this.clock.now()]);
    } catch (error) {
      throw isDuplicate(error) ? new AlreadyClaimed() : error;
    }
    const answer = await work();
    await tx.execute(KEEP, [this.keyring.wrap(JSON.stringify(answer), contextOf(request)), callerId, key]);
    return answer;
  }

  private async once<T extends object>(request: IdempotentRequest, run: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof AlreadyClaimed)) throw error;
      }
      const known = await this.stored(request);
      if (known) return this.replay<T>(request, known);
      // The answer is past its time and only waits for the purge: it makes room.
      await this.sql.execute(FORGET, [request.callerId, request.key, this.oldest()]);
    }
  }

  private async stored({ callerId, key }: IdempotentRequest): Promise<Stored | undefined> {
    const { rows } = await this.sql.execute(SELECT, [callerId, key, this.oldest()]);
    const row = rows[0];
    return row && { route: row[0] as string, bodyHash: row[1] as string, answer: row[2] as string };
  }

  private replay<T>(request: IdempotentRequest, { route, bodyHash, answer }: Stored): T {
    if (route !== request.route || bodyHash !== this.hashOf(request.body)) throw new OtherRequest();
    void request.reply.header('idempotency-replayed', 'true');
    return JSON.parse(this.keyring.unwrap(answer, contextOf(request)).toString()) as T;
  }

  private hashOf(body: string): string {
    return hmac(this.bodyKey, body).toString('base64url');
  }

  private oldest(): Date {
    return new Date(this.clock.millis() - this.settings.idempotencyHours * 3_600_000);
  }

  private async purge(): Promise<{ removed: number }> {
    for (let removed = 0; ; ) {
      const { rows } = await this.sql.execute(`SELECT caller_id, idempotency_key FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ${PURGED_AT_ONCE}`, [this.oldest()]);
      if (rows.length === 0) return { removed };
      const matching = rows.map(() => '(caller_id = ? AND idempotency_key = ?)').join(' OR ');
      removed += (await this.sql.execute(`DELETE FROM idempotency_keys WHERE ${matching}`, rows.flat() as string[])).affected;
      await breathe();
    }
  }
}

/** A day's keys may be millions: in one statement their removal would hold up everybody else's. */
const PURGED_AT_ONCE = 200;
const SELECT = 'SELECT route, body_hash, answer FROM idempotency_keys WHERE caller_id = ? AND idempotency_key = ? AND created_at >= ?';
const CLAIM = 'INSERT INTO idempotency_keys (caller_id, idempotency_key, route, body_hash, answer, created_at) VALUES (?, ?, ?, ?, ?, ?)';
const KEEP = 'UPDATE idempotency_keys SET answer = ? WHERE caller_id = ? AND idempotency_key = ?';
const FORGET = 'DELETE FROM idempotency_keys WHERE caller_id = ? AND idempotency_key = ? AND created_at < ?';

function contextOf({ callerId, key }: { callerId: string; key: string }): string {
  return `idempotency:${callerId}:${key}`;
}

export class OtherRequest extends Problem {
  constructor() {
    super('conflict', 'idempotency.other-request', 'This Idempotency-Key was used for another request; choose a new one.');
  }
}
