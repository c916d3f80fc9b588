import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThan } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Settings } from '../config/settings.js';
import { hmac, Keyring } from '../crypto/keyring.js';
import { isDuplicate } from '../database/failures.js';
import { Sql, type SqlConnection } from '../database/sql.js';
import { Jobs } from '../jobs/jobs.js';
import { Problem } from '../problems/problem.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import type { IdempotentRequest } from './idempotent-request.js';

interface Stored {
  route: string;
  bodyHash: string;
  answer: string;
}

/**
 * Answers a repeated request with the stored answer of the first. The answer is stored in the transaction that has the
 * effect, so there is never one without the other; the primary key decides among callers that come at once. Refusals
 * are not stored: a request that had no effect may be tried again with the same key.
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
  ) {
    this.bodyKey = keyring.derive('idempotency-body');
  }

  onModuleInit(): void {
    this.jobs.define({ name: 'idempotency.purge', description: 'forgets answers to repeated requests that are too old', schedule: CronExpression.EVERY_HOUR, run: () => this.purge() });
  }

  /** One transaction over entities. Without a key it simply runs. */
  inTransaction<T extends object>(request: IdempotentRequest | undefined, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    if (!request) return this.db.transaction(work);
    return this.once(request, () =>
      this.db.transaction(async (tx) => {
        const answer = await work(tx);
        await tx.insert(IdempotencyKey, this.rowOf(request, answer));
        return answer;
      }),
    );
  }

  /** One transaction of prepared statements. Without a key it simply runs. */
  inSqlTransaction<T extends object>(request: IdempotentRequest | undefined, work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    if (!request) return this.sql.transaction(work);
    return this.once(request, () =>
      this.sql.transaction(async (tx) => {
        const answer = await work(tx);
        const { callerId, idempotencyKey, route, bodyHash, answer: sealed, createdAt } = this.rowOf(request, answer);
        await tx.execute(INSERT, [callerId, idempotencyKey, route, bodyHash, sealed, createdAt]);
        return answer;
      }),
    );
  }

  private async once<T extends object>(request: IdempotentRequest, run: () => Promise<T>): Promise<T> {
    const known = await this.stored(request);
    if (known) return this.replay<T>(request, known);
    await this.sql.execute(FORGET, [request.callerId, request.key, this.oldest()]);
    try {
      return await run();
    } catch (error) {
      const winner = isDuplicate(error) ? await this.stored(request) : undefined;
      if (!winner) throw error;
      return this.replay<T>(request, winner);
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

  private rowOf(request: IdempotentRequest, answer: object): IdempotencyKey {
    const { callerId, key, route, body } = request;
    return { callerId, idempotencyKey: key, route, bodyHash: this.hashOf(body), answer: this.keyring.wrap(JSON.stringify(answer), contextOf(request)), createdAt: this.clock.now() };
  }

  private hashOf(body: string): string {
    return hmac(this.bodyKey, body).toString('base64url');
  }

  private oldest(): Date {
    return new Date(this.clock.millis() - this.settings.idempotencyHours * 3_600_000);
  }

  private async purge(): Promise<{ removed: number }> {
    const { affected } = await this.db.delete(IdempotencyKey, { createdAt: LessThan(this.oldest()) });
    return { removed: affected ?? 0 };
  }
}

const SELECT = 'SELECT route, body_hash, answer FROM idempotency_keys WHERE caller_id = ? AND idempotency_key = ? AND created_at >= ?';
const INSERT = 'INSERT INTO idempotency_keys (caller_id, idempotency_key, route, body_hash, answer, created_at) VALUES (?, ?, ?, ?, ?, ?)';
const FORGET = 'DELETE FROM idempotency_keys WHERE caller_id = ? AND idempotency_key = ? AND created_at < ?';

function contextOf({ callerId, key }: IdempotentRequest): string {
  return `idempotency:${callerId}:${key}`;
}

class OtherRequest extends Problem {
  constructor() {
    super('conflict', 'idempotency.other-request', 'This Idempotency-Key was used for another request; choose a new one.');
  }
}
