import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, ValidateBy } from 'class-validator';
import { ListQueryDto } from '../platform/lists/list-query.dto.js';
import { ViolationDto } from '../platform/http/problem.dto.js';
import type { Violation } from '../platform/problems/problem.js';
import { ValidationFailed } from '../platform/problems/problems.js';
import { instantOf, type MessageLogItem, parseItem, ROLES } from './message-log-item.js';

const MAX_ITEMS = 500;

export class MessageDto {
  @ApiProperty({ enum: ROLES })
  role!: string;
  content!: string;
}

/** One conversation between a person and a model. */
export class MessageLogItemDto {
  /** Your own id for it, 1 to 128 visible characters: posting the same id again changes nothing. Without one we make one. @example 'chat-4711' */
  id?: string;
  /** For service keys: whose conversation it is. */
  userId?: string;
  /** What several logs have in common that belong together, up to 128 characters. */
  conversationId?: string;
  /** @example 'llama-3-8b' */
  model!: string;
  /** 1 to 1000 messages, in order. They are stored encrypted. */
  messages!: MessageDto[];
  promptTokens?: number;
  completionTokens?: number;
  latencyMs?: number;
  /** Anything else, up to 16 KB of JSON. */
  metadata?: Record<string, unknown>;
  /** When it took place, RFC 3339; now if absent. @example '2026-03-02T12:00:00Z' */
  createdAt?: string;
}

/** Up to 500 logs in one request. */
export class MessageLogItemsDto {
  items!: MessageLogItemDto[];
}

/** What a posted log is after the check: the item, or what is wrong with it. */
export type CheckedItem = { item: MessageLogItem } | { violations: Violation[] };

/** The body of POST /message-logs: one log, or `{items: […]}`. A batch takes its good items and reports the others. */
export class PostMessageLogsDto {
  private constructor(
    readonly items: readonly CheckedItem[],
    readonly isBatch: boolean,
  ) {}

  static parse(body: unknown): PostMessageLogsDto {
    if (typeof body === 'object' && body !== null && 'items' in body) return new PostMessageLogsDto(itemsOf(body), true);
    const checked = check(body, '');
    if ('violations' in checked) throw new ValidationFailed(checked.violations);
    return new PostMessageLogsDto([checked], false);
  }
}

function itemsOf({ items, ...rest }: { items?: unknown }): CheckedItem[] {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new ValidationFailed([{ pointer: `/${unknown}`, code: 'unknown-field', detail: `There is no field "${unknown}" beside items.` }]);
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_ITEMS) {
    throw new ValidationFailed([{ pointer: '/items', code: 'array', detail: `items must be a list of 1 to ${MAX_ITEMS} message logs.` }]);
  }
  return items.map((item, index) => check(item, `/items/${index}`));
}

function check(plain: unknown, pointer: string): CheckedItem {
  const violations: Violation[] = [];
  const item = parseItem(plain, pointer, violations);
  return item ? { item } : { violations };
}

/** Why an item of a batch was not taken. */
export class ItemProblemDto {
  /** The status that the item alone would have got. @example 400 */
  status!: number;
  /** @example 'validation.failed' */
  code!: string;
  detail!: string;
  violations?: ViolationDto[];
}

export class RejectedItemDto {
  /** Its place in `items`, from 0. */
  index!: number;
  problem!: ItemProblemDto;
}

/** What became of the posted logs. Whatever was accepted is durable. */
export class MessageLogsTakenDto {
  /** How many were stored. */
  accepted!: number;
  /** How many were there before, by their id; nothing was changed. */
  duplicates!: number;
  rejected!: RejectedItemDto[];
  /** The id of each posted log, in order; null for a rejected one. */
  @ApiProperty({ type: 'array', items: { type: 'string', nullable: true } })
  ids!: (string | null)[];
}

export class MessageLogDto {
  id!: string;
  userId!: string;
  conversationId!: string | null;
  model!: string;
  messageCount!: number;
  /** The text, if it was asked for; null once it was erased. */
  messages?: MessageDto[] | null;
  promptTokens!: number | null;
  completionTokens!: number | null;
  latencyMs!: number | null;
  metadata!: Record<string, unknown> | null;
  createdAt!: string;
}

export class MessageLogListDto {
  data!: MessageLogDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class MessageLogQueryDto {
  /** For service keys: whose logs. */
  @IsOptional() @IsString() @Length(1, 36)
  userId?: string;
}

export class MessageLogListQueryDto extends ListQueryDto {
  /** For service keys: whose logs. */
  @IsOptional() @IsString() @Length(1, 36)
  userId?: string;

  /** Logs of this conversation only. @example 'chat-1' */
  @IsOptional() @IsString() @Length(1, 128)
  conversationId?: string;

  /** Logs of this model only. @example 'llama-3-8b' */
  @IsOptional() @IsString() @Length(1, 128)
  model?: string;

  /** Only conversations at or after this instant. @example '2026-03-01T00:00:00Z' */
  @IsOptional() @IsInstant()
  from?: string;

  /** Only conversations before this instant. */
  @IsOptional() @IsInstant()
  to?: string;

  /** `messages` adds the text. */
  @IsOptional() @IsIn(['messages'])
  include?: string;
}

function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && !Number.isNaN(instantOf(value)),
      defaultMessage: () => '$property must be an RFC 3339 instant such as 2026-03-02T12:00:00Z',
    },
  });
}
