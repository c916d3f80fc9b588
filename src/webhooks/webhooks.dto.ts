import { ApiProperty } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { IfGiven } from '../platform/http/if-given.js';
import { CleanText } from '../platform/http/text.js';
import { EVENT_TYPES, type EventType } from './event-types.js';
import { DisabledFor, type WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { Told } from './webhooks.service.js';

const TYPES = Object.keys(EVENT_TYPES) as EventType[];
const READ_ONLY = ['id', 'disabledFor', 'disabledAt', 'failingSince', 'formerSecretUntil', 'createdAt', 'createdBy', 'updatedAt', 'version', 'secret'];

class WebhookTermsDto {
  static readonly readOnly = READ_ONLY;

  /** What it is for. @example 'Billing' */
  @IsOptional() @CleanText() @Length(0, 500)
  description?: string | null;

  /** The types of events it is told of; null is all, also those of later versions. */
  @ApiProperty({ enum: TYPES, isArray: true, nullable: true, required: false, example: ['user.created', 'limit.reached'] })
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayUnique() @IsIn(TYPES, { each: true })
  eventTypes?: EventType[] | null;

  /** A disabled webhook is sent nothing and goes on collecting; enabled again it gets all of it. */
  @IfGiven() @IsBoolean()
  enabled?: boolean;
}

export class CreateWebhookDto extends WebhookTermsDto {
  /** Where events are sent by POST. It begins with https and leads to a public address. @example 'https://example.org/hooks/provost' */
  @IsString() @Length(1, 2000)
  url!: string;
}

export class UpdateWebhookDto extends WebhookTermsDto {
  /** Where events are sent by POST from now on. @example 'https://example.org/hooks/provost' */
  @IfGiven() @IsString() @Length(1, 2000)
  url?: string;
}

export class RotateWebhookDto {
  /** How long the former secret signs beside the new one, in seconds. */
  @IsOptional() @IsInt() @Min(0) @Max(7 * 86_400)
  overlapSeconds: number = 86_400;
}

/** A webhook without its secret. */
export class WebhookDto {
  id!: string;
  /** @example 'https://example.org/hooks/provost' */
  url!: string;
  description!: string | null;
  /** The types of events it is told of; null is all. */
  @ApiProperty({ enum: TYPES, isArray: true, nullable: true })
  eventTypes!: EventType[] | null;
  enabled!: boolean;
  /** Why it is disabled: an admin asked for it, it answered 410, or it has taken nothing for days. */
  @ApiProperty({ enum: DisabledFor, nullable: true })
  disabledFor!: DisabledFor | null;
  disabledAt!: string | null;
  /** When the failures began that no success has ended. */
  failingSince!: string | null;
  /** After a rotation: until when the former secret signs too. */
  formerSecretUntil!: string | null;
  createdAt!: string;
  /** The admin who made it. */
  createdBy!: string | null;
  updatedAt!: string;
  version!: number;

  static of(endpoint: WebhookEndpoint): WebhookDto {
    const { id, url, description, eventTypes, enabled, disabledFor, disabledAt, failingSince, formerUntil, createdAt, createdBy, updatedAt, version } = endpoint;
    const instants = { disabledAt: textOf(disabledAt), failingSince: textOf(failingSince), formerSecretUntil: textOf(formerUntil) };
    return { id, url, description, eventTypes, enabled, disabledFor, ...instants, createdAt: createdAt.toISOString(), createdBy, updatedAt: updatedAt.toISOString(), version };
  }
}

export class NewWebhookDto extends WebhookDto {
  /** What signatures are checked with. It is in this answer and nowhere else, ever. @example 'whsec_…' */
  secret!: string;

  static told({ endpoint, secret }: Told): NewWebhookDto {
    return { ...WebhookDto.of(endpoint), secret };
  }
}

function textOf(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
