import { IsIn, IsInt, IsNumber, IsOptional, IsPositive, Length, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { SmallJson } from '../../platform/http/small-json.js';
import { CleanText } from '../../platform/http/text.js';
import { type Goal, GOALS, type Response } from './response.entity.js';

const READ_ONLY = ['id', 'position', 'createdAt', 'updatedAt', 'version'];

class ResponseTermsDto {
  static readonly readOnly = READ_ONLY;

  /** @example 'g/L' */
  @IsOptional() @CleanText() @Length(0, 32)
  unit?: string | null;

  /** What is wanted of it, for desirability. */
  @IfGiven() @IsIn(GOALS)
  goal?: Goal;

  /** Below it a value is of no use (maximise, target), or good enough (minimise). */
  @IsOptional() @IsNumber()
  low?: number | null;

  /** Above it a value is of no use (minimise, target), or good enough (maximise). */
  @IsOptional() @IsNumber()
  high?: number | null;

  /** The value that is wanted, where the goal is `target`. */
  @IsOptional() @IsNumber()
  target?: number | null;

  /** From 1 to 5: how much it counts beside the others. */
  @IfGiven() @IsInt() @Min(1) @Max(5)
  importance?: number;

  /** The smallest effect that would matter; the power of designs is told for it. */
  @IsOptional() @IsNumber() @IsPositive()
  smallestEffect?: number | null;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class CreateResponseDto extends ResponseTermsDto {
  /** @example 'Yield' */
  @CleanText() @Length(1, 64)
  name!: string;
}

export class UpdateResponseDto extends ResponseTermsDto {
  @IfGiven() @CleanText() @Length(1, 64)
  name?: string;
}

export class ResponseDto {
  id!: string;
  name!: string;
  unit!: string | null;
  goal!: Goal;
  low!: number | null;
  high!: number | null;
  target!: number | null;
  importance!: number;
  smallestEffect!: number | null;
  /** Place among the responses. */
  position!: number;
  metadata!: Record<string, unknown>;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, name, unit, goal, low, high, target, importance, smallestEffect, position, metadata, createdAt, updatedAt, version }: Response): ResponseDto {
    return { id, name, unit, goal, low, high, target, importance, smallestEffect, position, metadata, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

/** All the responses of an experiment, in their order. */
export class ResponsesDto {
  data!: ResponseDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}
