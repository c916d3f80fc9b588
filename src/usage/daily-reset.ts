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

/** Accounts looked at by one statement. */
const STRETCH = 5000;
/** Accounts held by one transaction. */
const CHUNK = 200;
/** After every id, in the order of bytes. */
const BEHIND_ALL = '~';
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
    for (let after = ''; after !== BEHIND_ALL; ) {
      const end = await this.endOfStretch(after);
      const due = (await this.candidates(after, end)).filter((candidate) => this.isDue(candidate));
      for (let start = 0; start < due.length; start += CHUNK) {
        add(report, await this.openAll(due.slice(start, start + CHUNK)));
        await breathe();
      }
      after = end;
      await breathe();
    }
    return report;
  }

  /** The accounts are gone through by stretches of ids: over all of them one statement would take longer than any may. */
  private async endOfStretch(after: string): Promise<string> {
    const { rows } = await this.sql.execute(`SELECT user_id FROM usage_accounts WHERE user_id > ? ORDER BY user_id LIMIT 1 OFFSET ${STRETCH - 1}`, [after]);
    return (rows[0]?.[0] as string | undefined) ?? BEHIND_ALL;
  }

  /** Accounts whose override is over, or whose month has ended somewhere on earth and matters for credits. */
  private async candidates(after: string, end: string): Promise<Candidate[]> {
    const now = this.clock.now();
    const givers = await this.plans.using(() => this.plans.givingCredits());
    const hasGiver = givers.map((planId) => (planId === null ? 'a.plan_id IS NULL' : 'a.plan_id = ?')).join(' OR ');
    const { rows } = await this.sql.execute(
      'SELECT a.user_id, u.time_zone, a.month, a.override_until FROM usage_accounts a JOIN users u ON u.id = a.user_id WHERE a.user_id > ? AND a.user_id <= ? ' +
        `AND (a.override_until <= ? OR (a.month < ? AND (a.plan_balance > 0 OR a.override_credits > 0${hasGiver && ` OR ${hasGiver}`}))) ORDER BY a.user_id`,
      [after, end, now, this.days.at(now.getTime(), EASTERNMOST).month, ...givers.filter((planId) => planId !== null)],
    );
    return rows.map(([userId, timeZone, month, until]) => ({
      userId: userId as string, timeZone: timeZone as string, month: month as string, overrideUntil: until === null ? Infinity : millisOf(until),
    }));
  }

  /** Decided before anything is locked: for half a day, most whose month has ended somewhere still have theirs. */
  private isDue({ timeZone, month, overrideUntil }: Candidate): boolean {
    const now = this.clock.millis();
    return overrideUntil <= now || month < this.days.at(now, timeZone).month;
  }

  private openAll(due: Candidate[]): Promise<Report> {
    return this.plans.using(() =>
      this.sql.transaction(async (tx) => {
        const zones = new Map(due.map(({ userId, timeZone }) => [userId, timeZone]));
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
