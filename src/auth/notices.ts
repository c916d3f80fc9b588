import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Origin } from '../access/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { onOneLine } from '../platform/mail/mail-address.js';
import { MailQueue } from '../platform/mail/mail-queue.js';
import { type Notice, NOTICES } from './mail-texts.js';

export type { Notice };

export interface Recipient {
  readonly id: string;
  /** Nobody is told who has no address. */
  readonly email: string | null;
}

/** Tells people of what was done to their accounts, in the transaction that does it. */
@Injectable()
export class Notices {
  constructor(
    private readonly mails: MailQueue,
    private readonly clock: Clock,
  ) {}

  async tell(tx: EntityManager, { id, email }: Recipient, notice: Notice, origin?: Pick<Origin, 'ip' | 'userAgent'>): Promise<void> {
    if (email === null) return;
    const { subject, happened, otherwise } = NOTICES[notice];
    const text = ['Hello,', '', happened, '', `When: ${instantOf(this.clock.now())}`, ...placeOf(origin), '', otherwise, ''].join('\n');
    await this.mails.queue(tx, { to: email, subject, text, principalId: id });
  }
}

/** `2026-03-02 12:00:00 UTC` */
function instantOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function placeOf(origin: Pick<Origin, 'ip' | 'userAgent'> | undefined): string[] {
  return origin ? [`From: ${origin.ip}`, `With: ${onOneLine(origin.userAgent) || 'an unnamed program'}`] : [];
}
