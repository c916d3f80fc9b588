import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { IsInstant } from '../../platform/http/instant.js';
import { explained } from '../../usage/explanation.js';
import { IsDay } from '../../usage/history-range.js';
import type { UsageView, UsedDay } from '../../usage/usage-reader.js';
import { DeskReasonDto } from './users-desk.dto.js';

export class DeskGrantDto extends DeskReasonDto {
  /** From 1 to STAFF_CREDITS_CAP. @example 100 */
  @IsInt() @Min(1) @Max(1_000_000_000)
  credits!: number;
}

export class DeskOverrideDto extends DeskReasonDto {
  /** Null is unlimited; absent, the plan decides. @example 500 */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000_000)
  conversationsPerDay?: number | null;

  /** Counts when credits are refilled, so the override must last until then. @example 1000 */
  @IfGiven() @IsInt() @Min(0) @Max(1_000_000_000)
  creditsPerMonth?: number;

  /** Null is unlimited; absent, the plan decides. @example 60 */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000)
  requestsPerMinute?: number | null;

  /** When the override ends by itself. @example '2030-01-31T00:00:00Z' */
  @IsInstant()
  until!: string;
}

export class DeskUsageQueryDto {
  /** First local day; by default thirty days are answered. @example '2026-03-01' */
  @IsOptional() @IsDay()
  from?: string;

  /** Last local day; by default the present one. @example '2026-03-31' */
  @IsOptional() @IsDay()
  to?: string;
}

export class DeskGrantedDto {
  id!: string;
  kind!: string;
  amount!: number;
  balanceAfter!: number;
  reason!: string | null;
}

export class DeskLimitDto {
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

export class DeskDayDto {
  /** @example '2026-03-02' */
  day!: string;
  conversations!: number;
  credits!: number;
}

/** What a user may use and has used. */
export class DeskUsageDto {
  /** The user. */
  id!: string;
  plan!: string;
  /** The user's local day. @example '2026-03-02' */
  day!: string;
  timeZone!: string;
  /** Conversations so far on that day. */
  used!: number;
  /** Credits left. */
  balance!: number;
  limits!: DeskLimitDto[];
  /** The days with use, oldest first. */
  days!: DeskDayDto[];

  static of(view: UsageView, days: UsedDay[]): DeskUsageDto {
    const { plan, today, timeZone, state } = view;
    const { userId, used, balance } = state.row;
    return { id: userId, plan: plan.name, day: today.day, timeZone, used, balance, limits: explained(view), days };
  }
}
