import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { padded, placeholders, Sql, type SqlConnection } from '../platform/database/sql.js';
import type { AccountState } from './account-state.js';
import { AccountStore } from './account-store.js';
import { ReservationStatus } from './reservation.entity.js';

const EXPIRED = `SELECT id, user_id, conversations, credits, plan_credits, day, month FROM usage_reservations WHERE status = 'held' AND expires_at <= ?`;
const CLOSE = 'UPDATE usage_reservations SET status = ? WHERE id = ? AND status = ?';
const CHUNK = 200;

/** Reservations whose lease ran out give back what they hold: when somebody would be refused, and every minute. */
@Injectable()
export class Leases {
  constructor(
    private readonly sql: Sql,
    private readonly store: AccountStore,
    private readonly clock: Clock,
  ) {}

  /** Frees the expired reservations of these users, whose accounts are held; answers whose had any. */
  async freeExpired(tx: SqlConnection, accounts: Map<string, AccountState>, userIds: string[]): Promise<Set<string>> {
    const ids = [...new Set(userIds)].sort();
    const asked = padded(ids);
    const { rows } = await tx.execute(`${EXPIRED} AND user_id IN (${placeholders(asked.length)}) ORDER BY id`, [this.clock.now(), ...asked]);
    const freed = new Set<string>();
    for (const [id, userId, conversations, credits, planCredits, day, month] of rows) {
      const { affected } = await tx.execute(CLOSE, [ReservationStatus.Expired, id as string, ReservationStatus.Held]);
      const account = accounts.get(userId as string);
      if (affected !== 1 || !account) continue;
      const cause = { actorKind: 'system', actorId: null, reason: 'reservation expired', reference: id as string };
      account.refund(Number(credits), Number(planCredits), month as string, day as string, cause);
      account.giveBackConversations(Number(conversations), day as string);
      freed.add(userId as string);
    }
    return freed;
  }

  /** Frees all that have expired, in short transactions; answers how many users had some. */
  async freeAll(): Promise<number> {
    for (let users = 0; ; ) {
      const { rows } = await this.sql.execute(`SELECT DISTINCT user_id FROM usage_reservations WHERE status = 'held' AND expires_at <= ? ORDER BY user_id LIMIT ${CHUNK}`, [this.clock.now()]);
      const ids = rows.map((row) => row[0] as string);
      if (ids.length === 0) return users;
      await this.sql.transaction(async (tx) => {
        const accounts = await this.store.hold(tx, ids);
        await this.freeExpired(tx, accounts, ids);
        await this.store.save(tx, accounts.values());
      });
      users += ids.length;
    }
  }
}
