import { Injectable } from '@nestjs/common';
import { utcDay } from '../platform/clock/days.js';
import { millisOf } from '../platform/database/sql.js';
import { Backfill } from '../stats/backfill.js';
import { PassingCounts } from '../stats/passing-counts.js';
import { LedgerKind } from './ledger-entry.entity.js';
import { LimitNews } from './limit-news.js';
import { InsufficientCredits, LimitReached } from './usage.problems.js';

/** Counts who used something and what was refused, and has refusals told. */
@Injectable()
export class UsageCounts {
  constructor(
    private readonly passing: PassingCounts,
    private readonly news: LimitNews,
    backfill: Backfill,
  ) {
    backfill.register({
      name: 'credit_ledger',
      select: 'SELECT id, kind, amount, at FROM credit_ledger',
      count: ([, kind, amount, at], tally) => tally.count(utcDay(new Date(millisOf(at))), 'creditsSpent', spentBy({ kind: kind as LedgerKind, amount: Number(amount) })),
    });
  }

  async watch<T>(userId: string, use: Promise<T>): Promise<T> {
    try {
      const granted = await use;
      this.passing.saw(userId);
      return granted;
    } catch (error) {
      if (error instanceof LimitReached) this.passing.count('limitRefusals');
      if (error instanceof InsufficientCredits) this.passing.count('creditRefusals');
      if (error instanceof LimitReached || error instanceof InsufficientCredits) await this.news.refused(userId, error);
      throw error;
    }
  }
}

/** What was given back was not spent. */
export function spentBy({ kind, amount }: { kind: LedgerKind; amount: number }): number {
  return kind === LedgerKind.Spend || kind === LedgerKind.Refund ? -amount : 0;
}
