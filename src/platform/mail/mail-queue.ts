import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { insertRow } from '../database/insert-row.js';
import { MailSeal } from './mail-seal.js';
import { MailSender } from './mail-sender.js';
import type { Mail, MailRequest } from './mail-writers.js';
import { OutgoingMail } from './outgoing-mail.entity.js';

/** Takes messages in the transaction that is their cause: they are sent if and only if it commits. */
@Injectable()
export class MailQueue {
  constructor(
    private readonly clock: Clock,
    private readonly seal: MailSeal,
    private readonly sender: MailSender,
  ) {}

  async queue(tx: EntityManager, mail: Mail): Promise<void> {
    const row = this.newRow(mail.principalId);
    row.sealed = this.seal.seal(row.id, mail);
    await insertRow(tx, OutgoingMail, row);
    this.sender.wakeSoon();
  }

  /**
   * Asks for a mail that its writer writes when it is its turn. What a request does is then the same whomever it
   * concerns. It waits for the sender's next look instead of waking it, so that the work which follows for some
   * addresses and not for others cannot be told from what the service answers right after.
   */
  async ask(db: EntityManager, request: MailRequest): Promise<void> {
    const row = this.newRow();
    row.sealed = this.seal.seal(row.id, request);
    await insertRow(db, OutgoingMail, row);
  }

  private newRow(principalId: string | null = null): OutgoingMail {
    const now = this.clock.now();
    return Object.assign(new OutgoingMail(), { principalId, createdAt: now, dueAt: now });
  }
}
