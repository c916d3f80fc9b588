import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, WordColumn } from '../database/columns.js';
import { newId } from '../ids/ids.js';

export enum MailStatus {
  Waiting = 'waiting',
  Sent = 'sent',
  Failed = 'failed',
}

/** A message on its way out. What it says is sealed, because it may hold a link that opens an account, and is gone once it was sent. */
@Entity('outgoing_mails')
@Index(['status', 'dueAt'])
export class OutgoingMail {
  @IdColumn()
  id: string = newId();

  /** Whom it is for, where it is for a principal. */
  @Index()
  @LooseIdColumn({ nullable: true })
  principalId: string | null = null;

  /** Recipient, subject and text as sealed JSON; null once nothing more is to be sent. */
  @Column('text', { nullable: true })
  sealed: string | null = null;

  @WordColumn()
  status: MailStatus = MailStatus.Waiting;

  @Column('int')
  attempts: number = 0;

  @InstantColumn()
  createdAt!: Date;

  /** When to try, or to try again. */
  @InstantColumn()
  dueAt!: Date;

  @InstantColumn({ nullable: true })
  finishedAt: Date | null = null;

  /** What the mail server said last. */
  @Column('varchar', { length: 500, nullable: true })
  lastError: string | null = null;
}
