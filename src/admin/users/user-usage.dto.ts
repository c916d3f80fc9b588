import { IsInt, IsOptional, IsString, Length, Max, Min, NotEquals, ValidateIf } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { IsInstant } from '../../platform/http/instant.js';
import { explained } from '../../usage/explanation.js';
import { IsDay } from '../../usage/history-range.js';
import type { CreditMovement, UsageView, UsedDay } from '../../usage/usage-reader.js';
import { ReasonDto } from './users-admin.dto.js';

const MOST_CONVERSATIONS = 1_000_000_000;
const MOST_CREDITS = 1_000_000_000;
const LEAST_CREDITS = -MOST_CREDITS;
const MOST_REQUESTS = 1_000_000;

export class AssignPlanDto extends ReasonDto {
  static readonly readOnly = ['id', 'decidedBy', 'conversationsPerDay', 'creditsPerMonth', 'requestsPerMinute', 'features'];

  /** The name of a plan; null is the default plan, whichever that is at the moment. @example 'team' */
  @ValidateIf(({ plan }: AssignPlanDto) => plan !== null) @IsString() @Length(1, 64)
  plan!: string | null;
}

export class OverrideLimitsDto extends ReasonDto {
  /** Null is unlimited; absent, the plan decides. @example 500 */
  @IsOptional() @IsInt() @Min(0) @Max(MOST_CONVERSATIONS)
  conversationsPerDay?: number | null;

  /** Counts when credits are refilled, so the override must last until then. @example 1000 */
  @IfGiven() @IsInt() @Min(0) @Max(MOST_CREDITS)
  creditsPerMonth?: number;

  /** Null is unlimited; absent, the plan decides. @example 60 */
  @IsOptional() @IsInt() @Min(1) @Max(MOST_REQUESTS)
  requestsPerMinute?: number | null;

  /** When the override ends by itself. @example '2030-01-31T00:00:00Z' */
  @IsInstant()
  until!: string;
}

export class MoveCreditsDto extends ReasonDto {
  /** Credits to grant; to take away where it is negative. @example 500 */
  @IsInt() @Min(LEAST_CREDITS) @Max(MOST_CREDITS) @NotEquals(0)
  amount!: number;
}

export class UserUsageQueryDto {
  /** First local day; by default thirty days are answered. @example '2026-03-01' */
  @IsOptional() @IsDay()
  from?: string;

  /** Last local day; by default the present one. @example '2026-03-31' */
  @IsOptional() @IsDay()
  to?: string;
}

/** The plan that applies to a user. */
export class UserPlanDto {
  /** The user. */
  id!: string;
  /** @example 'free' */
  plan!: string;
  /** `plan` where it was assigned to the user, else `default-plan`. */
  decidedBy!: string;
  /** Null is unlimited. */
  conversationsPerDay!: number | null;
  creditsPerMonth!: number;
  /** Null is unlimited. */
  requestsPerMinute!: number | null;
  features!: Record<string, unknown>;

  static of({ plan, state }: UsageView): UserPlanDto {
    const { name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features } = plan;
    const { userId, planId } = state.row;
    return { id: userId, plan: name, decidedBy: planId === null ? 'default-plan' : 'plan', conversationsPerDay, creditsPerMonth, requestsPerMinute, features };
  }
}

export class UserLimitDto {
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

/** What decided each limit of a user. */
export class UserLimitsDto {
  /** The user. */
  id!: string;
  limits!: UserLimitDto[];
  /** Why the override in force was made; null where there is none. */
  overrideReason!: string | null;

  static of(view: UsageView, overrideReason: string | null): UserLimitsDto {
    return { id: view.state.row.userId, limits: explained(view), overrideReason };
  }
}

/** A movement of credits that was just made. */
export class MovedCreditsDto {
  id!: string;
  /** `grant`, or `adjust` where credits were taken away. */
  kind!: string;
  amount!: number;
  balanceAfter!: number;
  reason!: string | null;
}

/** A movement of credits. */
export class CreditMovementDto {
  id!: string;
  /** `grant`, `spend`, `refund`, `expire` or `adjust`. */
  kind!: string;
  /** Negative when they leave. */
  amount!: number;
  balanceAfter!: number;
  /** `user`, `staff`, `admin`, `service`, or `system` for plans and the command line. */
  actorKind!: string;
  actorId!: string | null;
  reason!: string | null;
  /** What it was for, such as a reservation's id. */
  reference!: string | null;
  at!: string;

  static of({ id, kind, amount, balanceAfter, actorKind, actorId, reason, reference, at }: CreditMovement): CreditMovementDto {
    return { id, kind, amount, balanceAfter, actorKind, actorId, reason, reference, at: at.toISOString() };
  }
}

export class UserDayDto {
  /** @example '2026-03-02' */
  day!: string;
  conversations!: number;
  credits!: number;
}

/** What a user has used. */
export class UserUsageDto {
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
  /** The days with use, oldest first. */
  days!: UserDayDto[];

  static of({ plan, today, timeZone, state }: UsageView, days: UsedDay[]): UserUsageDto {
    const { userId, used, balance } = state.row;
    return { id: userId, plan: plan.name, day: today.day, timeZone, used, balance, days };
  }
}
