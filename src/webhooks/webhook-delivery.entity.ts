import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, LooseIdColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import type { EventType } from './event-types.js';
import { WebhookEvent } from './webhook-event.entity.js';

export enum DeliveryStatus {
  Waiting = 'waiting',
  Delivered = 'delivered',
  /** Every attempt failed; it is not tried again unless it is replayed. */
  Dead = 'dead',
}

/** What became of one attempt. */
export interface Attempt {
  readonly at: string;
  readonly durationMs: number;
  /** What the endpoint answered; null when it did not. */
  readonly status: number | null;
  readonly error: string | null;
  /** How the answer's body began. */
  readonly response: string | null;
}

const KEPT_ATTEMPTS = 12;

/** One event on its way to one endpoint. Rows are made by `Events`. */
@Entity('webhook_deliveries')
@Index(['endpointId', 'status', 'dueAt'])
@Index(['endpointId', 'id'])
@Index(['endpointId', 'status', 'id'])
export class WebhookDelivery {
  @IdColumn()
  id: string = newId();

  /** Without a foreign key: what belongs to a deleted endpoint is invisible, and goes with its events. */
  @LooseIdColumn()
  endpointId!: string;

  @RefColumn(() => WebhookEvent)
  eventId!: string;

  @Column('varchar', { length: 64 })
  type!: EventType;

  @WordColumn()
  status: DeliveryStatus = DeliveryStatus.Waiting;

  /** How often it was taken, ever: says whose the row is. */
  @Column('int')
  attempts: number = 0;

  /** Failures since it was made or replayed: says how long to wait. */
  @Column('int')
  failures: number = 0;

  @InstantColumn()
  createdAt!: Date;

  /** When to try, or to try again. */
  @InstantColumn()
  dueAt!: Date;

  @InstantColumn({ nullable: true })
  finishedAt: Date | null = null;

  /** The last of them, oldest first. */
  @JsonColumn()
  history: Attempt[] = [];

  note(attempt: Attempt): void {
    this.history = [...this.history, attempt].slice(-KEPT_ATTEMPTS);
  }
}
