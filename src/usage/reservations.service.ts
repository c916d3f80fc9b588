import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { Clock } from '../platform/clock/clock.js';
import { LocalDays } from '../platform/clock/local-days.js';
import { millisOf, type Row, Sql, type SqlConnection } from '../platform/database/sql.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { newId } from '../platform/ids/ids.js';
import { NotFound } from '../platform/problems/problems.js';
import { UsersService } from '../users/users.service.js';
import type { AccountState, Cause } from './account-state.js';
import { AccountStore } from './account-store.js';
import { type Consumption, ConsumptionService } from './consumption.service.js';
import { Leases } from './leases.js';
import { PlanBook } from './plan-book.js';
import { ReservationStatus } from './reservation.entity.js';
import { countingDay, type Granted, type Standing, standingOf } from './standing.js';
import { UsageCounts } from './usage-counts.js';
import { InsufficientCredits, LimitReached, ReservationClosed } from './usage.problems.js';

export interface ReservationState extends Standing {
  id: string;
  status: ReservationStatus;
  conversations: number;
  reservedCredits: number;
  /** What it cost in the end; null while it is held. */
  settledCredits: number | null;
  expiresAt: string;
}

interface Held {
  id: string;
  userId: string;
  status: ReservationStatus;
  conversations: number;
  credits: number;
  planCredits: number;
  day: string;
  month: string;
  expiresAt: number;
}

const SELECT = 'SELECT id, user_id, status, conversations, credits, plan_credits, day, month, expires_at FROM usage_reservations WHERE id = ?';
const INSERT =
  'INSERT INTO usage_reservations (id, user_id, status, conversations, credits, plan_credits, day, month, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const CLOSE = 'UPDATE usage_reservations SET status = ?, settled_credits = ? WHERE id = ? AND status = ? AND expires_at > ?';

/** Takes in advance what a stream may cost; settles what it did cost. Each reservation is closed exactly once. */
@Injectable()
export class ReservationsService {
  constructor(
    private readonly sql: Sql,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly leases: Leases,
    private readonly users: UsersService,
    private readonly consumption: ConsumptionService,
    private readonly idempotency: Idempotency,
    private readonly counts: UsageCounts,
    private readonly clock: Clock,
    private readonly days: LocalDays,
  ) {}

  async reserve(request: Consumption, ttlSeconds: number, repeat?: IdempotentRequest): Promise<ReservationState> {
    const timeZone = await this.consumption.timeZoneOf(request);
    return this.counts.watch(request.userId, this.plans.using(() => this.idempotency.inSqlTransaction(repeat, async (tx) => {
      const account = await this.holdOpen(tx, request.userId, timeZone);
      const id = newId();
      const before = account.row.planBalance;
      await this.takeOrRefuse(tx, account, request, timeZone, { ...causeOf(request.actor), reference: id });
      const { userId, conversations, credits } = request;
      const now = this.clock.millis();
      const expiresAt = new Date(now + ttlSeconds * 1000);
      const { day, month, planBalance } = account.row;
      await tx.execute(INSERT, [id, userId, ReservationStatus.Held, conversations, credits, Math.max(0, before - planBalance), day, month, expiresAt, new Date(now)]);
      await this.store.save(tx, [account]);
      return { id, status: ReservationStatus.Held, conversations, reservedCredits: credits, settledCredits: null, expiresAt: expiresAt.toISOString(), ...this.standing(account, timeZone).standing };
    })));
  }

  /** Charges what it cost in the end: less gives the rest back, more takes the rest if the balance allows. */
  settle(actor: Actor, id: string, credits: number, repeat?: IdempotentRequest): Promise<ReservationState> {
    return this.close(actor, id, ReservationStatus.Settled, credits, repeat, (account, held, cause) => {
      const extra = credits - held.credits;
      if (extra > account.row.balance) return 'credits';
      if (extra > 0) account.spend(extra, cause);
      else account.settleLess(held, credits, cause);
      return undefined;
    });
  }

  /** Gives everything back. */
  async release(actor: Actor, id: string, repeat?: IdempotentRequest): Promise<void> {
    await this.close(actor, id, ReservationStatus.Released, null, repeat, (account, held, cause) => {
      account.refund(held.credits, held.planCredits, held.month, held.day, cause);
      account.giveBackConversations(held.conversations, held.day);
      return undefined;
    });
  }

  private async close(
    actor: Actor,
    id: string,
    status: ReservationStatus,
    settled: number | null,
    repeat: IdempotentRequest | undefined,
    apply: (account: AccountState, held: Held, cause: Cause) => 'credits' | undefined,
  ): Promise<ReservationState> {
    const { userId } = await this.find(this.sql, actor, id);
    // Not only while the user is active: what was taken before a ban is still settled.
    const { timeZone } = await this.users.get(userId);
    return this.counts.watch(userId, this.plans.using(() => this.idempotency.inSqlTransaction(repeat, async (tx) => {
      // The account first, as everywhere: one order of locks, no deadlocks.
      const account = await this.holdOpen(tx, userId, timeZone);
      const { affected } = await tx.execute(CLOSE, [status, settled, id, ReservationStatus.Held, this.clock.now()]);
      const held = await this.find(tx, actor, id);
      if (affected !== 1) throw new ReservationClosed(held.status === ReservationStatus.Held ? ReservationStatus.Expired : held.status);
      const refusal = apply(account, held, { ...causeOf(actor), reference: id });
      if (refusal) throw new InsufficientCredits(this.standing(account, timeZone));
      await this.store.save(tx, [account]);
      const { conversations, credits: reservedCredits } = held;
      const expiresAt = new Date(held.expiresAt).toISOString();
      return { id, status, conversations, reservedCredits, settledCredits: settled ?? 0, expiresAt, ...this.standing(account, timeZone).standing };
    })));
  }

  private async holdOpen(tx: SqlConnection, userId: string, timeZone: string): Promise<AccountState> {
    const account = (await this.store.hold(tx, [userId])).get(userId);
    if (!account) throw new NotFound('user');
    const now = this.clock.millis();
    return account.open(this.days.at(now, timeZone), this.plans.of(account.row.planId), now);
  }

  private async takeOrRefuse(tx: SqlConnection, account: AccountState, request: Consumption, timeZone: string, cause: Cause): Promise<void> {
    const plan = this.plans.of(account.row.planId);
    const { userId, conversations, credits } = request;
    const take = () => account.take(conversations, credits, plan, cause);
    let refusal = take();
    if (refusal && (await this.leases.freeExpired(tx, new Map([[userId, account]]), [userId])).size > 0) refusal = take();
    if (refusal === 'credits') throw new InsufficientCredits(this.standing(account, timeZone));
    if (refusal === 'limit') throw new LimitReached(this.standing(account, timeZone), this.clock.millis());
  }

  private standing(account: AccountState, timeZone: string): Granted {
    const today = countingDay(this.days, this.clock.millis(), timeZone, account);
    return { standing: standingOf(account, this.plans.of(account.row.planId), today), today };
  }

  private async find(connection: SqlConnection, actor: Actor, id: string): Promise<Held> {
    const { rows } = await connection.execute(SELECT, [id]);
    const held = rows[0] && heldOf(rows[0]);
    if (!held || (actor.kind !== PrincipalKind.Service && held.userId !== actor.id)) throw new NotFound('reservation');
    return held;
  }
}

function causeOf(actor: Actor): Cause {
  return { actorKind: actor.kind, actorId: actor.id };
}

function heldOf(row: Row): Held {
  const [id, userId, status, conversations, credits, planCredits, day, month, expiresAt] = row;
  return {
    id: id as string,
    userId: userId as string,
    status: status as ReservationStatus,
    conversations: Number(conversations),
    credits: Number(credits),
    planCredits: Number(planCredits),
    day: day as string,
    month: month as string,
    expiresAt: millisOf(expiresAt),
  };
}
