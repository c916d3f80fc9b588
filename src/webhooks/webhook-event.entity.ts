import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, LongTextColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import type { EventType } from './event-types.js';

/** Something that happened, of which somebody is to be told. Rows are written by `Events`. */
@Entity('webhook_events')
@Index(['at'])
@Index(['onceKey'], { unique: true })
export class WebhookEvent {
  /** The `webhook-id` of every delivery. */
  @IdColumn()
  id: string = newId();

  @Column('varchar', { length: 64 })
  type!: EventType;

  /** Whose it is; null where it is nobody's. */
  @Index()
  @LooseIdColumn({ nullable: true })
  userId: string | null = null;

  @InstantColumn()
  at!: Date;

  /** What is sent, byte by byte: the signature is over it. */
  @LongTextColumn()
  body!: string;

  /** Of what must be told once however often it comes about. */
  @Column('varchar', { length: 120, nullable: true })
  onceKey: string | null = null;
}
