import { IsBoolean, IsInt, IsOptional, IsUUID, Length, Max, Min, ValidateBy } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { PlanRecord } from '../../usage/plans.service.js';

const MOST = 999_999_999;
const MOST_FEATURES_LENGTH = 10_000;

class PlanTermsDto {
  static readonly readOnly = ['id', 'createdAt', 'updatedAt', 'version'];

  /** Conversations a user may begin in a day of theirs; null is unlimited. @example 100 */
  @IsOptional() @IsInt() @Min(0) @Max(MOST)
  conversationsPerDay?: number | null;

  /** Credits that a user is given anew each month. @example 1000 */
  @IfGiven() @IsInt() @Min(0) @Max(MOST)
  creditsPerMonth?: number;

  /** Requests that a user may send in a minute; null is unlimited. @example 60 */
  @IsOptional() @IsInt() @Min(1) @Max(MOST)
  requestsPerMinute?: number | null;

  /** What else the plan switches on: your application's own, up to 10,000 characters of JSON. It takes the place of what was there. @example { "export": true } */
  @IfGiven() @AreFeatures()
  features?: Record<string, unknown>;

  /** Whether it is the plan of whoever has none of their own; then the former default is no more. */
  @IfGiven() @IsBoolean()
  isDefault?: boolean;
}

export class CreatePlanDto extends PlanTermsDto {
  /** @example 'team' */
  @CleanText() @Length(1, 64)
  name!: string;
}

export class UpdatePlanDto extends PlanTermsDto {
  /** @example 'team' */
  @IfGiven() @CleanText() @Length(1, 64)
  name?: string;
}

export class RemovePlanDto {
  /** The id of the plan that its users get. Without it, only a plan that nobody has can be removed. */
  @IsOptional() @IsUUID()
  moveTo?: string;
}

export class PlanDto {
  id!: string;
  name!: string;
  /** Null is unlimited. */
  conversationsPerDay!: number | null;
  creditsPerMonth!: number;
  /** Null is unlimited. */
  requestsPerMinute!: number | null;
  /** Your application's own: what else the plan switches on. */
  features!: Record<string, unknown>;
  /** Whether it is the plan of whoever has none of their own. */
  isDefault!: boolean;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault, createdAt, updatedAt, version }: PlanRecord): PlanDto {
    return { id, name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

function AreFeatures(): PropertyDecorator {
  return ValidateBy({
    name: 'areFeatures',
    validator: { validate: isSmallObject, defaultMessage: () => `features must be an object of at most ${MOST_FEATURES_LENGTH} characters of JSON whose names are letters, digits, dots, dashes and underscores` },
  });
}

function isSmallObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((name) => /^[A-Za-z][\w.-]{0,63}$/.test(name)) && JSON.stringify(value).length <= MOST_FEATURES_LENGTH;
}
