import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Origin } from '../access/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { MailQueue } from '../platform/mail/mail-queue.js';

/** What happened to an account that its owner is told of by e-mail. */
export type Notice =
  | 'mfa-enabled'
  | 'mfa-disabled'
  | 'recovery-codes-renewed'
  | 'recovery-code-used'
  | 'new-device'
  | 'session-stolen'
  | 'password-changed'
  | 'account-deleted'
  | 'account-restored';

const SUBJECTS: Record<Notice, string> = {
  'mfa-enabled': 'Two-step sign-in was turned on',
  'mfa-disabled': 'Two-step sign-in was turned off',
  'recovery-codes-renewed': 'New recovery codes were made',
  'recovery-code-used': 'A recovery code was used',
  'new-device': 'A sign-in from a new device',
  'session-stolen': 'A session was ended to be safe',
  'password-changed': 'Your password was changed',
  'account-deleted': 'Your account was deleted',
  'account-restored': 'Your account was restored',
};

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
    const from = origin ? [`From: ${origin.ip}`, `With: ${origin.userAgent || 'an unnamed program'}`] : [];
    const text = [SUBJECTS[notice] + '.', '', `When: ${this.clock.now().toISOString()}`, ...from].join('\n');
    await this.mails.queue(tx, { to: email, subject: SUBJECTS[notice], text, principalId: id });
  }
}
