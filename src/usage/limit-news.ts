import { Injectable, Logger } from '@nestjs/common';
import { Events } from '../webhooks/events.js';
import { InsufficientCredits, type Refused } from './usage.problems.js';

const MOST_REMEMBERED = 100_000;

/** Tells who subscribed to it that a user was refused for a limit: once a day for each limit, whichever process refuses. */
@Injectable()
export class LimitNews {
  private readonly logger = new Logger(LimitNews.name);
  /** What needs no telling any more, so that a refused caller who does not stop costs no statements. */
  private readonly told = new Set<string>();

  constructor(private readonly events: Events) {}

  /** The refusal is the caller's answer whatever becomes of the news. */
  async refused(userId: string, refusal: Refused): Promise<void> {
    const { day, endsAt, monthEndsAt } = refusal.unchanged.today;
    const [limit, returns] = refusal instanceof InsufficientCredits ? (['credits', monthEndsAt] as const) : (['conversations', endsAt] as const);
    const key = `limit.reached:${userId}:${limit}:${day}`;
    if (this.told.has(key)) return;
    try {
      if (!(await this.events.isWanted('limit.reached'))) return;
      const data = { userId, limit, day, resetsAt: new Date(returns).toISOString() };
      if (await this.events.emitOnce(key, { type: 'limit.reached', userId, data })) this.remember(key);
    } catch (error) {
      this.logger.warn(`That a limit was reached cannot be told: ${String(error)}`);
    }
  }

  private remember(key: string): void {
    if (this.told.size >= MOST_REMEMBERED) this.told.clear();
    this.told.add(key);
  }
}
