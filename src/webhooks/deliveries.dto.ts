import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsInstant } from '../platform/http/instant.js';
import { EVENT_TYPES, type EventType } from './event-types.js';
import { type Attempt, DeliveryStatus, type WebhookDelivery } from './webhook-delivery.entity.js';

export class ReplayDto {
  /** Of what: `dead` is what was given up, `all` also what was delivered. */
  @ApiProperty({ enum: ['dead', 'all'], required: false, default: 'dead' })
  @IsOptional() @IsIn(['dead', 'all'])
  which: 'dead' | 'all' = 'dead';

  /** Of what happened since then; without it of all that is kept. @example '2030-01-01T00:00:00Z' */
  @IsOptional() @IsInstant()
  since?: string | null;
}

export class ReplayedDto {
  /** How many deliveries are sent again. */
  replayed!: number;
}

export class DeliveryAttemptDto {
  at!: string;
  durationMs!: number;
  /** The status of the answer; null when there was none. @example 503 */
  status!: number | null;
  /** Why it did not count; null when it was delivered. @example 'Answered 503.' */
  error!: string | null;
  /** How the body of the answer began. */
  response!: string | null;

  static of({ at, durationMs, status, error, response }: Attempt): DeliveryAttemptDto {
    return { at, durationMs, status, error, response };
  }
}

export class DeliveryDto {
  id!: string;
  /** The event, which is also the `webhook-id` of every attempt. */
  eventId!: string;
  @ApiProperty({ enum: Object.keys(EVENT_TYPES) })
  type!: EventType;
  /** `dead` is not tried again by itself. */
  @ApiProperty({ enum: DeliveryStatus })
  status!: DeliveryStatus;
  /** How often it was tried, replays included. */
  attempts!: number;
  /** When it is tried next; null when it is not. */
  nextAttemptAt!: string | null;
  finishedAt!: string | null;
  createdAt!: string;
  /** The last twelve, oldest first. */
  history!: DeliveryAttemptDto[];

  static of({ id, eventId, type, status, attempts, dueAt, finishedAt, createdAt, history }: WebhookDelivery): DeliveryDto {
    const nextAttemptAt = finishedAt === null ? dueAt.toISOString() : null;
    return { id, eventId, type, status, attempts, nextAttemptAt, finishedAt: finishedAt?.toISOString() ?? null, createdAt: createdAt.toISOString(), history: history.map((each) => DeliveryAttemptDto.of(each)) };
  }
}
