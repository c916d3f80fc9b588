import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Keyring } from '../crypto/keyring.js';
import { insertRow } from '../database/insert-row.js';
import { OutgoingMail } from './outgoing-mail.entity.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  readonly principalId?: string;
}

/** Takes messages in the transaction that is their cause: they are sent if and only if it commits. */
@Injectable()
export class MailQueue {
  constructor(
    private readonly clock: Clock,
    private readonly keyring: Keyring,
  ) {}

  async queue(tx: EntityManager, { principalId, ...content }: Mail): Promise<void> {
    const now = this.clock.now();
    const mail = Object.assign(new OutgoingMail(), { principalId: principalId ?? null, createdAt: now, dueAt: now });
    mail.sealed = this.keyring.wrap(JSON.stringify(content), `outgoing-mail:${mail.id}`);
    await insertRow(tx, OutgoingMail, mail);
  }
}
