import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Settings } from '../config/settings.js';
import { isMailAddress, onOneLine, senderOf, withoutNames } from './mail-address.js';
import { MailMetrics } from './mail-metrics.js';
import { MailSeal } from './mail-seal.js';
import { MailTransport, Refused, Unreachable } from './mail-transport.js';
import { type Mail, type MailRequest, MailWriters } from './mail-writers.js';
import { MailStatus, OutgoingMail } from './outgoing-mail.entity.js';

/** Whoever takes a row has it for this long; longer than any attempt lasts. A sender that died gives it back by this. */
const LEASE_MS = 120_000;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 3_600_000;
const GIVE_UP_MS = 24 * 3_600_000;

export type DeliveryOutcome = 'sent' | 'failed' | 'retried' | 'dropped' | 'taken' | 'unreachable';

/**
 * One attempt to deliver one row. The number of attempts says whose the row is: it is raised by whoever takes the row,
 * and what an overtaken sender writes later finds another number and changes nothing.
 */
@Injectable()
export class MailDelivery {
  private readonly logger = new Logger('Mail');

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly seal: MailSeal,
    private readonly writers: MailWriters,
    private readonly transport: MailTransport,
    private readonly metrics: MailMetrics,
  ) {}

  async attempt(row: OutgoingMail): Promise<DeliveryOutcome> {
    if (!(await this.take(row))) return 'taken';
    const outcome = await this.deliver(row);
    this.metrics.ended(outcome);
    return outcome;
  }

  private async take(row: OutgoingMail): Promise<boolean> {
    const now = this.clock.now();
    const free = { id: row.id, status: MailStatus.Waiting, attempts: row.attempts, dueAt: LessThanOrEqual(now) };
    const { affected } = await this.db.update(OutgoingMail, free, { attempts: row.attempts + 1, dueAt: new Date(now.getTime() + LEASE_MS) });
    row.attempts += 1;
    return affected === 1;
  }

  private async deliver(row: OutgoingMail): Promise<DeliveryOutcome> {
    try {
      const mail = await this.written(row);
      if (!mail) return 'dropped';
      const { to, text } = mail;
      // The library takes what stands in angle brackets for the address and would send there.
      if (!isMailAddress(to)) throw new Refused('The address cannot be used.');
      await this.transport.send({ id: row.id, from: senderOf(this.settings.mailFrom)!, to, subject: onOneLine(mail.subject), text, date: row.createdAt });
    } catch (error) {
      return this.failed(row, error as Error);
    }
    await this.end(row, MailStatus.Sent, null);
    return 'sent';
  }

  private async written(row: OutgoingMail): Promise<Mail | null> {
    const content = this.seal.open(row.id, row.sealed!);
    return 'request' in content ? this.write(row, content) : content;
  }

  /** Writes what was only asked for, once: later attempts send the same text. */
  private async write(row: OutgoingMail, request: MailRequest): Promise<Mail | null> {
    const writeMail = await this.writers.prepare(request);
    return this.db.transaction(async (tx) => {
      const mail = writeMail && (await writeMail(tx));
      const { affected } = mail
        ? await tx.update(OutgoingMail, mine(row), { sealed: this.seal.seal(row.id, mail), principalId: mail.principalId ?? null })
        : await tx.delete(OutgoingMail, mine(row));
      if (affected !== 1) throw new Error('Another process has taken this mail over.');
      return mail;
    });
  }

  private async failed(row: OutgoingMail, error: Error): Promise<DeliveryOutcome> {
    const reason = withoutNames(onOneLine(error.message));
    const next = this.clock.millis() + waitAfter(row.attempts);
    if (error instanceof Refused || next > row.createdAt.getTime() + GIVE_UP_MS) {
      this.logger.error(`Mail ${row.id} was not delivered and will not be tried again: ${reason}`);
      await this.end(row, MailStatus.Failed, reason);
      return 'failed';
    }
    this.logger.debug(`Mail ${row.id} was not delivered in attempt ${row.attempts} and will be tried again: ${reason}`);
    await this.db.update(OutgoingMail, mine(row), { dueAt: new Date(next), lastError: reason });
    return error instanceof Unreachable ? 'unreachable' : 'retried';
  }

  private async end(row: OutgoingMail, status: MailStatus, lastError: string | null): Promise<void> {
    await this.db.update(OutgoingMail, mine(row), { status, lastError, sealed: null, finishedAt: this.clock.now() });
  }
}

/** The row as long as nobody else took it. */
function mine({ id, attempts }: OutgoingMail) {
  return { id, attempts, status: MailStatus.Waiting };
}

/** 10 seconds, 20, 40 … an hour, each up to a fifth longer, so that what failed together does not return together. */
function waitAfter(attempts: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT_MS);
  return wait + randomInt(Math.ceil(wait / 5));
}
