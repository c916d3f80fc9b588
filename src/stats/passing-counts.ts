import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { utcDay } from '../platform/clock/days.js';
import { Settings } from '../platform/config/settings.js';
import { Stats } from './stats.service.js';
import { type DayCount, Tally } from './tally.js';

const FLUSH_MS = 5000;
/** Users remembered as counted today. One more who is counted twice costs a little work and changes nothing. */
const REMEMBERED = 200_000;

/**
 * Counts what leaves no row anywhere: refusals, and that somebody was there. Kept in memory and written every few seconds
 * and at shutdown, so that the paths they lie on pay nothing; a process that is killed loses what it counted since.
 */
@Injectable()
export class PassingCounts implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PassingCounts.name);
  private readonly seen = new Set<string>();
  private tally = new Tally();
  private today = '';
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly stats: Stats,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.jobsEnabled) return;
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  count(what: DayCount): void {
    this.tally.count(this.day(), what);
  }

  saw(userId: string): void {
    const day = this.day();
    if (this.seen.has(userId)) return;
    if (this.seen.size >= REMEMBERED) this.seen.clear();
    this.seen.add(userId);
    this.tally.saw(day, userId);
  }

  async flush(): Promise<void> {
    const { tally } = this;
    if (tally.isEmpty) return;
    this.tally = new Tally();
    try {
      await this.stats.record(tally);
    } catch (error) {
      this.tally.merge(tally);
      this.logger.warn(`Counts of refusals wait in memory: ${String(error)}`);
    }
  }

  private day(): string {
    const day = utcDay(this.clock.now());
    if (day !== this.today) this.seen.clear();
    return (this.today = day);
  }
}
