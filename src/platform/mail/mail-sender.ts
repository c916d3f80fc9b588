import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Settings } from '../config/settings.js';
import { isDatabaseAway } from '../database/failures.js';
import { type DeliveryOutcome, MailDelivery } from './mail-delivery.js';
import { MailStatus, OutgoingMail } from './outgoing-mail.entity.js';

/** How often to look for mails that other processes queued, or whose wait is over. */
const LOOK_MS = 2000;
/** A transaction that queues a mail has almost always committed by then; where not, the next look finds it. */
const SOON_MS = 50;
const AT_ONCE = 4;

/** Sends what is due, in the background: requests only ever write rows. */
@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Mail');
  private running?: Promise<void>;
  private timer?: NodeJS.Timeout;
  private soon?: NodeJS.Timeout;
  private stopped = false;
  private away = false;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly delivery: MailDelivery,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.jobsEnabled) return;
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  wakeSoon(): void {
    if (!this.settings.jobsEnabled || this.stopped) return;
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.look();
    }, SOON_MS);
  }

  /** Sends what is due now; answers when all of it was tried. */
  sendDue(): Promise<void> {
    return (this.running ??= this.run().finally(() => (this.running = undefined)));
  }

  /** An attempt under way gets half of the time that a stop may take; what it leaves is sent again after its lease. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.soon);
    const enough = sleep(this.settings.shutdownSeconds * 500, undefined, { ref: false });
    await Promise.race([this.running?.catch(() => undefined), enough]);
  }

  private look(): void {
    this.sendDue().catch((error: unknown) => {
      if (!isDatabaseAway(error)) this.logger.error(`Mails cannot be sent: ${String(error)}`);
    });
  }

  /** Where no mail server answers, the others of the round would only wait for it too. */
  private async run(): Promise<void> {
    while (!this.stopped) {
      const where = { status: MailStatus.Waiting, dueAt: LessThanOrEqual(this.clock.now()) };
      const due = await this.db.find(OutgoingMail, { where, order: { dueAt: 'ASC' }, take: AT_ONCE });
      const outcomes = await Promise.all(due.map((row) => this.delivery.attempt(row)));
      this.note(outcomes);
      if (due.length === 0 || outcomes.includes('unreachable')) return;
    }
  }

  /** One line when the mail server goes and one when it is back, however many mails wait. */
  private note(outcomes: DeliveryOutcome[]): void {
    const isAway = outcomes.includes('unreachable');
    if (isAway === this.away || outcomes.length === 0) return;
    if (isAway) this.logger.warn('The mail server takes nothing; mails wait and are tried again.');
    else this.logger.log('The mail server takes mails again.');
    this.away = isAway;
  }
}
