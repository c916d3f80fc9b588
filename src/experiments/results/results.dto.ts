import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsNumber, IsString, Length, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import { SmallJson } from '../../platform/http/small-json.js';
import { CleanText } from '../../platform/http/text.js';
import type { Setting } from '../factors.js';
import { settingsByName } from '../named-settings.js';
import { IsSettings } from '../runs/runs.dto.js';
import type { ShownResult } from './results.service.js';

const MOST_AT_ONCE = 1000;

export class CreateResultDto {
  /** The run's number or id; without one, give `settings`. @example 3 */
  @IfGiven() @ValidateBy({ name: 'run', validator: { validate: (run: unknown) => (Number.isInteger(run) && (run as number) > 0) || (typeof run === 'string' && run.length <= 36), defaultMessage: () => 'run must be the number or the id of a run' } })
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string' }] })
  run?: number | string;

  /** Of a free observation: the value of every parameter by its name. */
  @IfGiven() @IsSettings()
  settings?: Record<string, Setting>;

  /** The response's name or id. @example 'Yield' */
  @IsString() @Length(1, 64)
  response!: string;

  /** In the response's unit. @example 71.4 */
  @IsNumber()
  value!: number;

  /** Which measurement of the same run it is; a replicate is a run of its own. */
  @IfGiven() @IsInt() @Min(1) @Max(1000)
  repeat?: number;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class CreateResultsDto {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_AT_ONCE) @ValidateNested({ each: true }) @Type(() => CreateResultDto)
  items!: CreateResultDto[];
}

export class CorrectionDto {
  @IsNumber()
  value!: number;

  /** What was wrong. @example 'Read from the wrong column' */
  @CleanText() @Length(3, 500)
  reason!: string;
}

export class ResultDto {
  id!: string;
  runId!: string | null;
  responseId!: string;
  /** The response's name. */
  response!: string;
  value!: number;
  repeat!: number;
  /** Of a free observation. */
  settings!: Record<string, Setting> | null;
  /** The result that this one replaces. */
  correctsId!: string | null;
  reason!: string | null;
  createdBy!: string;
  metadata!: Record<string, unknown>;
  createdAt!: string;

  static of({ result, response, parameters }: ShownResult): ResultDto {
    const { id, runId, responseId, value, repeat, settings, correctsId, reason, createdBy, metadata, createdAt } = result;
    return { id, runId, responseId, response: response.name, value, repeat, settings: settings && settingsByName(parameters, settings), correctsId, reason, createdBy, metadata, createdAt: createdAt.toISOString() };
  }
}

export class ResultsDto {
  data!: ResultDto[];
}
