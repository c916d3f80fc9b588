import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull } from 'typeorm';
import { hmac, Keyring } from '../platform/crypto/keyring.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { insertRow } from '../platform/database/insert-row.js';
import { Sql, type SqlConnection } from '../platform/database/sql.js';
import { AuditEvent } from './audit-event.entity.js';
import { chainHash, detailsHash, type Head } from './chain.js';

/** Enough that two transactions of a pool seldom meet in one; a verification walks them all. */
export const LANES = 64;
const ADOPTED_AT_ONCE = 500;
const SALT_BYTES = 16;

/** Appends audit rows to one of the chains, as the last thing their transaction does. */
@Injectable()
export class AuditChain implements OnModuleInit {
  private readonly key: Buffer;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    keyring: Keyring,
  ) {
    this.key = keyring.derive('audit-chain');
  }

  /** Makes the lanes, and takes rows into a chain that were written before there was one. */
  async onModuleInit(): Promise<void> {
    const lanes = Array.from({ length: LANES }, (_, lane) => lane);
    await this.sql.execute(`${this.sql.dialect.insertIgnore} audit_lanes (lane, seq, hash) VALUES ${lanes.map(() => "(?, 0, '')").join(', ')}`, lanes);
    while ((await this.adopt()) === ADOPTED_AT_ONCE);
  }

  async append(tx: EntityManager, events: AuditEvent[]): Promise<void> {
    await this.extend(tx, randomInt(LANES), events, () => insertRow(tx, AuditEvent, events));
  }

  /** What only those can make who have the key. */
  macOf(hash: string): string {
    return hmac(this.key, hash).toString('base64url');
  }

  isOurs(hash: string, mac: string): boolean {
    const [given, real] = [Buffer.from(mac), Buffer.from(this.macOf(hash))];
    return given.length === real.length && timingSafeEqual(given, real);
  }

  private async extend(tx: EntityManager, lane: number, events: AuditEvent[], write: () => Promise<void>): Promise<void> {
    const connection = new EntityTransaction(tx);
    let { seq, hash } = await this.lockedHead(connection, lane);
    for (const event of events) {
      seq += 1;
      event.salt = randomBytes(SALT_BYTES).toString('base64url');
      event.detailsHash = detailsHash({ salt: event.salt, before: textOf(event.before), after: textOf(event.after), ip: event.ip });
      hash = chainHash(hash, { ...event, lane, seq, at: event.at.toISOString(), detailsHash: event.detailsHash });
      Object.assign(event, { lane, seq, hash, mac: this.macOf(hash) });
    }
    await write();
    await connection.execute('UPDATE audit_lanes SET seq = ?, hash = ? WHERE lane = ?', [seq, hash, lane]);
  }

  private async lockedHead(connection: SqlConnection, lane: number): Promise<Head> {
    const { rows } = await connection.execute(`SELECT seq, hash FROM audit_lanes WHERE lane = ?${this.sql.dialect.forUpdate}`, [lane]);
    const [row] = rows;
    if (!row) throw new Error(`The audit chain has no lane ${lane}.`);
    return { seq: Number(row[0]), hash: row[1] as string };
  }

  /** The lock on the first lane keeps a second process that starts at this moment from doing the same. */
  private adopt(): Promise<number> {
    return this.db.transaction(async (tx) => {
      await this.lockedHead(new EntityTransaction(tx), 0);
      const events = await tx.find(AuditEvent, { where: { lane: IsNull() }, order: { id: 'ASC' }, take: ADOPTED_AT_ONCE });
      if (events.length > 0) await this.extend(tx, 0, events, async () => void (await tx.save(events)));
      return events.length;
    });
  }
}

/** As the column stores it. */
function textOf(value: Record<string, unknown> | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
