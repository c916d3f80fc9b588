import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Combiner, type Outcome } from '../platform/batching/combiner.js';
import { Clock } from '../platform/clock/clock.js';
import { LocalDays } from '../platform/clock/local-days.js';
import { isDatabaseAway } from '../platform/database/failures.js';
import { Sql, type SqlConnection } from '../platform/database/sql.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { NotFound } from '../platform/problems/problems.js';
import { UsersService } from '../users/users.service.js';
import type { AccountState } from './account-state.js';
import { AccountStore } from './account-store.js';
import { PlanBook } from './plan-book.js';
import { Leases } from './leases.js';
import { countingDay, type Granted, standingOf } from './standing.js';
import { UsageCounts } from './usage-counts.js';
import { InsufficientCredits, LimitReached, UserNotActive } from './usage.problems.js';

export interface Consumption {
  readonly actor: Actor;
  readonly userId: string;
  readonly conversations: number;
  readonly credits: number;
}

/** A consumption whose user is known to exist, with the zone in which the user's days begin. */
interface Placed extends Consumption {
  readonly timeZone: string;
}

const MAX_BATCH = 256;

/**
 * Counts consumption exactly: callers that arrive while a transaction is under way share the next one. It holds the
 * accounts of all of them, decides each in order of arrival, and answers after the commit.
 */
@Injectable()
export class ConsumptionService {
  private readonly combiner: Combiner<Placed, Granted>;

  constructor(
    private readonly sql: Sql,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly leases: Leases,
    private readonly users: UsersService,
    private readonly idempotency: Idempotency,
    private readonly counts: UsageCounts,
    private readonly clock: Clock,
    private readonly days: LocalDays,
  ) {
    this.combiner = new Combiner((batch) => this.consumeTogether(batch), { maxBatch: MAX_BATCH, maxInFlight: 2, dooms: isDatabaseAway });
  }

  async consume(consumption: Consumption): Promise<Granted> {
    const timeZone = await this.timeZoneOf(consumption);
    return this.counts.watch(consumption.userId, this.combiner.submit({ ...consumption, timeZone }));
  }

  /** With an `Idempotency-Key` the answer is part of the transaction, so it is not shared with others. */
  async consumeOnce(consumption: Consumption, request: IdempotentRequest): Promise<Granted> {
    const timeZone = await this.timeZoneOf(consumption);
    const once = (): Promise<Granted> =>
      this.idempotency.inSqlTransaction(request, async (tx) => {
        const [outcome] = await this.decide(tx, [{ ...consumption, timeZone }]);
        if ('error' in outcome!) throw outcome.error;
        return outcome!.value;
      });
    return this.counts.watch(consumption.userId, this.plans.using(once));
  }

  /** The zone of a user, who must exist and be active. */
  async timeZoneOf({ actor, userId }: Pick<Consumption, 'actor' | 'userId'>): Promise<string> {
    if (actor.timeZone !== undefined && actor.id === userId) return actor.timeZone;
    const user = await this.users.find(userId);
    if (!user) throw new NotFound('user');
    if (user.status !== 'active') throw new UserNotActive();
    return user.timeZone;
  }

  private consumeTogether(batch: Placed[]): Promise<Outcome<Granted>[]> {
    return this.plans.using(() => this.sql.transaction((tx) => this.decide(tx, batch)));
  }

  private async decide(tx: SqlConnection, batch: Placed[]): Promise<Outcome<Granted>[]> {
    const accounts = await this.store.hold(tx, batch.map(({ userId }) => userId));
    const outcomes = batch.map((each) => this.decideOne(accounts.get(each.userId), each));
    await this.tryAgainAfterLeases(tx, accounts, batch, outcomes);
    await this.store.save(tx, accounts.values());
    return outcomes;
  }

  private decideOne(account: AccountState | undefined, { timeZone, conversations, credits, actor }: Placed): Outcome<Granted> {
    if (!account) return { error: new NotFound('user') };
    const now = this.clock.millis();
    const plan = this.plans.of(account.row.planId);
    const refusal = account.open(this.days.at(now, timeZone), plan, now).take(conversations, credits, plan, { actorKind: actor.kind, actorId: actor.id });
    const today = countingDay(this.days, now, timeZone, account);
    const granted = { standing: standingOf(account, plan, today), today };
    if (refusal === 'limit') return { error: new LimitReached(granted, now) };
    if (refusal === 'credits') return { error: new InsufficientCredits(granted) };
    return { value: granted };
  }

  /** Reservations whose lease ran out give back what they held before anybody is refused for it. */
  private async tryAgainAfterLeases(tx: SqlConnection, accounts: Map<string, AccountState>, batch: Placed[], outcomes: Outcome<Granted>[]): Promise<void> {
    const refused = batch.filter((each, index) => 'error' in outcomes[index]! && accounts.has(each.userId));
    if (refused.length === 0) return;
    const freed = await this.leases.freeExpired(tx, accounts, refused.map(({ userId }) => userId));
    batch.forEach((each, index) => {
      if ('error' in outcomes[index]! && freed.has(each.userId)) outcomes[index] = this.decideOne(accounts.get(each.userId), each);
    });
  }
}
