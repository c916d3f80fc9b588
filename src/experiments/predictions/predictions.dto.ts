import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsNumber, IsOptional, Length, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { Setting } from '../factors.js';
import { settingsByName } from '../named-settings.js';
import { IsSettings } from '../runs/runs.dto.js';
import type { ShownPrediction } from './predictions.service.js';

const MOST_AT_ONCE = 1000;

export class PointDto {
  /** The value of every parameter that the model's terms name. @example { "Time": 86.9, "Temp": 176.7 } */
  @IsSettings()
  settings!: Record<string, Setting>;

  /** What its maker calls it. */
  @IsOptional() @CleanText() @Length(0, 120)
  label?: string | null;

  /** For which block, where the model knows blocks; the first if absent. */
  @IfGiven() @ValidateBy({ name: 'block', validator: { validate: (block: unknown) => Number.isInteger(block) || (typeof block === 'string' && block.length <= 64), defaultMessage: () => '$property must be the number of a block or "none"' } })
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string' }] })
  block?: number | string;
}

export class CreatePredictionsDto {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_AT_ONCE) @ValidateNested({ each: true }) @Type(() => PointDto)
  points!: PointDto[];

  /** Of the intervals; that of the model if absent. @example 0.95 */
  @IfGiven() @IsNumber() @Min(0.5) @Max(0.9999)
  level?: number;
}

export class IntervalDto {
  lower!: number;
  upper!: number;
}

export class PredictionDto {
  id!: string;
  modelId!: string;
  label!: string | null;
  /** By the parameter's name. */
  settings!: Record<string, Setting>;
  block!: string | null;
  /** Null where the runs say nothing of this point, because it needs a term that they cannot tell from others. */
  mean!: number | null;
  /** Of a transformed response it is the median of what would be measured, not the mean. */
  meanIs!: 'mean' | 'median';
  /** Of the mean, on the scale of the fit. Null without residual freedom. */
  standardError!: number | null;
  level!: number;
  /** Of the mean. */
  confidence!: IntervalDto | null;
  /** Of one new measurement. */
  prediction!: IntervalDto | null;
  leverage!: number | null;
  /** Whether the leverage is above that of every run: the model was not fitted for so far out. */
  extrapolated!: boolean;
  createdBy!: string;
  createdAt!: string;

  static of({ prediction: row, settings, parameters }: ShownPrediction): PredictionDto {
    const { id, modelId, label, block, createdBy, createdAt, figures } = row;
    const { mean, meanIs, standardError, level, confidence, prediction, leverage, extrapolated } = figures;
    return { id, modelId, label, settings: settingsByName(parameters, settings), block, mean, meanIs, standardError, level, confidence, prediction, leverage, extrapolated, createdBy, createdAt: createdAt.toISOString() };
  }
}

export class PredictionsDto {
  data!: PredictionDto[];
}
