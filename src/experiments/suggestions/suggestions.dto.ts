import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsString, Length, Max, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import type { Computation } from '../computations/computation.entity.js';
import type { SuggestionMethod, Suggestions } from './suggestions.service.js';

const MOST_RESPONSES = 10;

export class ResponseLimitDto {
  /** The response's name or id. @example 'Cost' */
  @IsString() @Length(1, 64)
  response!: string;

  @IfGiven() @IsNumber()
  low?: number;

  @IfGiven() @IsNumber()
  high?: number;
}

export class CreateSuggestionsDto {
  /** Of one response its expected improvement; of several that of their desirability, by their goals, bounds and importance. */
  @IsIn(['expected-improvement', 'desirability'])
  method!: SuggestionMethod;

  /** Names or ids of responses. @example ["Yield"] */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_RESPONSES) @IsString({ each: true }) @Length(1, 64, { each: true })
  responses!: string[];

  /** How many runs; each is believed to come out as expected before the next is looked for. @example 1 */
  @IfGiven() @IsInt() @Min(1) @Max(10)
  count?: number;

  /** The same seed and results give the same runs. Drawn where none is given; either way the answer tells it. */
  @IfGiven() @IsInt() @Min(0) @Max(4294967295)
  seed?: number;

  /** What other responses have to keep within. */
  @IfGiven() @IsArray() @ArrayMaxSize(MOST_RESPONSES) @ValidateNested({ each: true }) @Type(() => ResponseLimitDto)
  limits?: ResponseLimitDto[];

  /** Plans the suggested runs behind those that are there. */
  @IfGiven() @IsBoolean()
  add?: boolean;
}

export class SuggestedRunDto {
  /** By the parameter's name. */
  settings!: Record<string, number>;
  /** Gain that is expected on the best run so far, times the probability that all limits are kept. */
  expectedImprovement!: number;
  probabilityWithinLimits!: number;
  /** What is expected there, of the response or of the desirability. */
  mean!: number;
  /** Of what is expected, without the error of measuring. */
  sd!: number;
  /** The best so far that keeps the limits, runs believed in included; null where none does, and the search is for one that does. */
  best!: number | null;
  /** Of the run that was planned. */
  runId!: string | null;
  run!: number | null;
}

export class SuggestionsDto {
  computationId!: string;
  method!: SuggestionMethod;
  seed!: number;
  /** How many runs it was learnt from. */
  measuredRuns!: number;
  suggestions!: SuggestedRunDto[];
  /** Over about this distance in coded units the response is alike, one a parameter. */
  lengthScales!: number[];
  /** Standard deviation of a repeated measurement, as it was learnt. */
  noiseSd!: number;
  /** Whether time was over before all were found. */
  isStopped!: boolean;

  static of(computation: Computation): SuggestionsDto {
    const { method, seed, measuredRuns, suggestions, lengthScales, noiseSd, isStopped } = computation.result as Suggestions;
    return { computationId: computation.id, method, seed, measuredRuns, suggestions: [...suggestions], lengthScales, noiseSd, isStopped };
  }
}
