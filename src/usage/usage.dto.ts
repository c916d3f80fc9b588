import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { isId } from '../platform/ids/ids.js';
import { Fields } from '../platform/http/fields.js';
import { ListQueryDto } from '../platform/lists/list-query.dto.js';
import { explained } from './explanation.js';
import { IsDay } from './history-range.js';
import type { UsageView } from './usage-reader.js';

const MAX_CONVERSATIONS = 10_000;
const MAX_CREDITS = 1_000_000_000;

/** A daily limit. */
export class LimitDto {
  /** @example 'conversations' */
  name!: string;
  /** Null is unlimited. */
  limit!: number | null;
  used!: number;
  remaining!: number | null;
  /** The next midnight in the user's time zone. */
  resetsAt!: string;
}

export class BalanceDto {
  balance!: number;
}

export class StandingDto {
  limits!: LimitDto[];
  credits!: BalanceDto;
}

/** What to count. Checked in plain code, because it is on the hot path. */
export class ConsumeDto {
  /** 0 to 10,000; 1 without it. @example 1 */
  conversations?: number;
  /** 0 to 1,000,000,000; 0 without it. @example 0 */
  credits?: number;
  /** The user to count for; only with a service key. */
  userId?: string;

  static parse(plain: unknown): ConsumeDto {
    const fields = Fields.of(plain, ['conversations', 'credits', 'userId']);
    const consume = new ConsumeDto();
    consume.conversations = fields.integer('conversations', 0, MAX_CONVERSATIONS);
    consume.credits = fields.integer('credits', 0, MAX_CREDITS);
    consume.userId = fields.text('userId', isId, 'must be the id of a user');
    fields.check(consume.conversations !== 0 || (consume.credits ?? 0) > 0, '/conversations', 'nothing', 'Ask for at least one conversation or one credit.');
    fields.done();
    return consume;
  }
}

export class ReserveDto {
  /** 0 to 10,000; 1 without it. @example 1 */
  conversations?: number;
  /** Credits to hold, 0 to 1,000,000,000. @example 50 */
  credits?: number;
  /** The user to hold for; only with a service key. */
  userId?: string;
  /** After this long what was held is given back, in seconds; 300 without it. @example 300 */
  ttlSeconds?: number;

  static parse(plain: unknown): ReserveDto {
    const fields = Fields.of(plain, ['conversations', 'credits', 'userId', 'ttlSeconds']);
    const reserve = new ReserveDto();
    reserve.conversations = fields.integer('conversations', 0, MAX_CONVERSATIONS);
    reserve.credits = fields.integer('credits', 0, MAX_CREDITS);
    reserve.userId = fields.text('userId', isId, 'must be the id of a user');
    reserve.ttlSeconds = fields.integer('ttlSeconds', 1, 86_400);
    fields.check(reserve.conversations !== 0 || (reserve.credits ?? 0) > 0, '/conversations', 'nothing', 'Ask for at least one conversation or one credit.');
    fields.done();
    return reserve;
  }
}

export class SettleDto {
  /** What it cost in the end. @example 37 */
  @IsInt() @Min(0) @Max(MAX_CREDITS)
  credits!: number;
}

export class ReservationDto extends StandingDto {
  id!: string;
  /** `held`, `settled`, `released` or `expired`. */
  status!: string;
  conversations!: number;
  reservedCredits!: number;
  /** What it cost in the end; null while it is held. */
  settledCredits!: number | null;
  expiresAt!: string;
}

export class UsageDto extends StandingDto {
  /** @example 'free' */
  plan!: string;
  /** The user's local day. @example '2026-03-02' */
  day!: string;
  timeZone!: string;

  static of({ limits, credits, plan, today, timeZone }: UsageView): UsageDto {
    return { limits, credits, plan: plan.name, day: today.day, timeZone };
  }
}

export class ExplainedLimitDto {
  /** `conversations`, `credits` or `requests`. */
  name!: string;
  /** Null is unlimited. */
  limit!: number | null;
  /** @example 'day' */
  per!: string;
  /** What decided the number: `override`, `plan` or `default-plan`. */
  decidedBy!: string;
  plan!: string;
  /** Until when this rule holds; null for as long as the plan says so. */
  until!: string | null;
  resetsAt!: string | null;
}

export class ExplanationDto {
  data!: ExplainedLimitDto[];
  features!: Record<string, unknown>;

  static of(view: UsageView): ExplanationDto {
    return { data: explained(view), features: view.plan.features };
  }
}

export class UserQueryDto {
  /** The user to ask about; only with a service key. */
  @IsOptional() @IsUUID()
  userId?: string;
}

export class StatementQueryDto extends ListQueryDto {
  /** The user to ask about; only with a service key. */
  @IsOptional() @IsUUID()
  userId?: string;
}

export class HistoryQueryDto extends UserQueryDto {
  /** First local day. @example '2026-03-01' */
  @IsOptional() @IsDay()
  from?: string;

  /** Last local day. @example '2026-03-31' */
  @IsOptional() @IsDay()
  to?: string;
}

export class UsageDayDto {
  /** @example '2026-03-02' */
  day!: string;
  conversations!: number;
  credits!: number;
}

export class HistoryDto {
  data!: UsageDayDto[];
}

export class StatementLineDto {
  id!: string;
  /** `grant`, `spend`, `refund`, `expire` or `adjust`. */
  kind!: string;
  /** Credits; negative when they leave. */
  amount!: number;
  balanceAfter!: number;
  reason!: string | null;
  /** What it was for, such as a reservation's id. */
  reference!: string | null;
  at!: string;
}

export class StatementDto {
  data!: StatementLineDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}
