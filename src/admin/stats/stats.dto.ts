import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { isDay } from '../../platform/clock/days.js';

export class StatsQueryDto {
  /** First day, in UTC; the thirtieth last without it. @example '2026-03-01' */
  @IsOptional() @IsDay()
  from?: string;

  /** Last day, in UTC; today without it. @example '2026-03-31' */
  @IsOptional() @IsDay()
  to?: string;

  /** How many users and models. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100)
  top: number = 10;
}

export class StatsSumsDto {
  /** Users who came to be, however they did. */
  signUps!: number;
  /** Users who were deleted, also those restored later. */
  deletions!: number;
  /** Successful sign-ins of users. */
  signIns!: number;
  /** Message logs, on the day on which they took place. */
  conversations!: number;
  messages!: number;
  promptTokens!: number;
  completionTokens!: number;
  /** Consumptions and reservations that were refused, for whichever reason. */
  refusals!: number;
  /** Those refused because the limit of the day was reached. */
  limitRefusals!: number;
  /** Those refused for want of credits. */
  creditRefusals!: number;
  /** Credits spent, less those given back. */
  creditsSpent!: number;
}

export class StatsDayDto extends StatsSumsDto {
  /** In UTC. @example '2026-03-02' */
  day!: string;
  /** Users who signed in, used something or had a conversation on that day. */
  activeUsers!: number;
}

export class TopUserDto {
  id!: string;
  /** Null for a deleted user. */
  username!: string | null;
  conversations!: number;
  messages!: number;
  promptTokens!: number;
  completionTokens!: number;
}

export class TopModelDto {
  /** @example 'llama-3-8b' */
  model!: string;
  conversations!: number;
  messages!: number;
  promptTokens!: number;
  completionTokens!: number;
}

export class StatsDto {
  from!: string;
  to!: string;
  /** Every day of the period, oldest first. */
  days!: StatsDayDto[];
  /** The sums of the days. Users active on several days cannot be added up, and are not. */
  totals!: StatsSumsDto;
  /** Who had most conversations. */
  topUsers!: TopUserDto[];
  /** What most conversations were had with. */
  topModels!: TopModelDto[];
}

function IsDay(): PropertyDecorator {
  return ValidateBy({ name: 'isDay', validator: { validate: isDay, defaultMessage: () => '$property must be a day such as 2026-03-31' } });
}
