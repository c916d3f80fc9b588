import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { Clock } from '../platform/clock/clock.js';
import { LocalDays } from '../platform/clock/local-days.js';
import { millisOf, Sql } from '../platform/database/sql.js';
import { type JobReport, Jobs } from '../platform/jobs/jobs.js';
import { AccountStore } from './account-store.js';
import { Leases } from './leases.js';
import { PlanBook } from './plan-book.js';

const CHUNK = 200;
/** Where a month begins first on earth. */
const EASTERNMOST = 'Pacific/Kiritimati';

/**
 * Opens new days and months for those who did not come by themselves: refills plan credits and ends overrides, so that
 * statements and lists are up to date. Nothing waits for it: every consumption opens its own user's day. Only accounts
 * with something to do are read, a few at a time and in short transactions.
 */
@Injectable()
export class DailyReset implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly leases: Leases,
    private readonly clock: Clock,
    private readonly days: LocalDays,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    const minutely = { name: 'usage.free-reservations', description: 'gives back what reservations hold whose lease ran out', schedule: CronExpression.EVERY_MINUTE };
    this.jobs.define({ ...minutely, run: async () => ({ users: await this.leases.freeAll() }) });
    const reset = { name: 'usage.daily-reset', description: 'refills plan credits and ends overrides where a new day has begun', schedule: CronExpression.EVERY_10_MINUTES };
    this.jobs.define({ ...reset, run: () => this.run() });
  }

  async run(): Promise<JobReport> {
    const report = { touched: 0, refilled: 0, overridesEnded: 0 };
    for (let after = ''; ; ) {
      const candidates = await this.candidates(after);
      if (candidates.length === 0) return report;
      after = candidates.at(-1)!.userId;
      const due = candidates.filter((candidate) => this.isDue(candidate));
      if (due.length > 0) add(report, await this.openAll(new Map(due.map(({ userId, timeZone }) => [userId, timeZone]))));
      await breathe();
    }
  }

  /** Accounts after this id whose override is over, or whose month has ended somewhere on earth and matters for credits. */
  private async candidates(after: string): Promise<Candidate[]> {
    const now = this.clock.now();
    const { rows } = await this.sql.execute(CANDIDATES, [after, now, this.days.at(now.getTime(), EASTERNMOST).month]);
    return rows.map(([userId, timeZone, month, until]) => ({
      userId: userId as string, timeZone: timeZone as string, month: month as string, overrideUntil: until === null ? Infinity : millisOf(until),
    }));
  }

  /** Decided before anything is locked: for half a day, most whose month has ended somewhere still have theirs. */
  private isDue({ timeZone, month, overrideUntil }: Candidate): boolean {
    const now = this.clock.millis();
    return overrideUntil <= now || month < this.days.at(now, timeZone).month;
  }

  private openAll(zones: Map<string, string>): Promise<Report> {
    return this.plans.using(() =>
      this.sql.transaction(async (tx) => {
        const accounts = await this.store.hold(tx, zones.keys());
        const now = this.clock.millis();
        const report = { touched: 0, refilled: 0, overridesEnded: 0 };
        for (const [id, account] of accounts) {
          const { month } = account.row;
          account.open(this.days.at(now, zones.get(id)!), this.plans.of(account.row.planId), now);
          add(report, { touched: Number(account.changed), refilled: Number(account.row.month !== month), overridesEnded: Number(account.overrideEnded) });
        }
        await this.store.save(tx, accounts.values());
        return report;
      }),
    );
  }
}

interface Candidate {
  readonly userId: string;
  readonly timeZone: string;
  readonly month: string;
  /** Milliseconds. */
  readonly overrideUntil: number;
}

type Report = Record<'touched' | 'refilled' | 'overridesEnded', number>;

function add(sum: Report, { touched, refilled, overridesEnded }: Report): void {
  sum.touched += touched;
  sum.refilled += refilled;
  sum.overridesEnded += overridesEnded;
}

const CANDIDATES =
  'SELECT a.user_id, u.time_zone, a.month, a.override_until FROM usage_accounts a JOIN users u ON u.id = a.user_id ' +
  'WHERE a.user_id > ? AND (a.override_until <= ? OR (a.month < ? AND (a.plan_balance > 0 OR EXISTS (SELECT 1 FROM plans p WHERE p.credits_per_month > 0 AND (p.id = a.plan_id OR (a.plan_id IS NULL AND p.is_default = 1)))))) ' +
  `ORDER BY a.user_id LIMIT ${CHUNK}`;
