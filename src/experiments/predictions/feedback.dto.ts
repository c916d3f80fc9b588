import { IsInt, IsNumber, IsOptional, IsUUID, Length, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import type { Transform } from '../analysis/transform.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { ModelCalibration } from './calibration.js';
import type { ShownFeedback } from './feedback.service.js';
import { IntervalDto } from './predictions.dto.js';

/** A result or a value, or a rating or comment; the latter may stand beside the former. */
export class CreateFeedbackDto {
  /** The id of a result that was measured at these settings. Where it is corrected later, the correction counts. */
  @IfGiven() @IsUUID()
  result?: string;

  /** What was measured, where it is no result of the experiment. */
  @IfGiven() @IsNumber()
  value?: number;

  /** From 1, of no use, to 5, just right. */
  @IfGiven() @IsInt() @Min(1) @Max(5)
  rating?: number;

  @IsOptional() @CleanText() @Length(0, 2000)
  comment?: string | null;
}

export class FeedbackDto {
  id!: string;
  predictionId!: string;
  resultId!: string | null;
  /** As it stands now; null where nothing was measured. */
  measured!: number | null;
  /** Measured minus predicted. */
  error!: number | null;
  /** Whether it lies within the prediction's interval for one new measurement. */
  isWithin!: boolean | null;
  rating!: number | null;
  comment!: string | null;
  createdBy!: string;
  createdAt!: string;

  static of({ feedback, prediction: { figures: { mean, prediction: interval } }, measured }: ShownFeedback): FeedbackDto {
    const { id, predictionId, resultId, rating, comment, createdBy, createdAt } = feedback;
    const error = measured === null || mean === null ? null : measured - mean;
    const isWithin = measured === null || interval === null ? null : measured >= interval.lower && measured <= interval.upper;
    return { id, predictionId, resultId, measured, error, isWithin, rating, comment, createdBy, createdAt: createdAt.toISOString() };
  }
}

export class FeedbackListDto {
  data!: FeedbackDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class CalibrationQueryDto {
  /** Of the intervals; that of the model if absent. */
  @IfGiven() @Type(() => Number) @IsNumber() @Min(0.5) @Max(0.9999)
  level?: number;
}

export class IntervalCalibrationDto {
  n!: number;
  bias!: number;
  mae!: number;
  rmse!: number;
  r2Prediction!: number | null;
  coverage!: number;
  level!: number;
  intervals!: IntervalDto[];
  /** Width of the intervals and a fine for each miss; less is better. */
  meanIntervalScore!: number;
  /** Continuous ranked probability score of the normal; less is better. */
  meanCrpsNormal!: number;
  /** Measured on predicted: 1 and 0 are right. */
  calibrationSlope!: number | null;
  calibrationIntercept!: number | null;
  zScores!: number[];
  sumOfSquaredZ!: number;
  /** Even between 0 and 1 if the model is right. */
  probabilityIntegralTransform!: number[];
}

/** What came true of the predictions of a model. Errors are measured minus predicted. */
export class CalibrationDto {
  level!: number;
  /** How many predictions were measured. */
  outcomes!: number;
  /** On the scale of the response. */
  bias!: number | null;
  mae!: number | null;
  rmse!: number | null;
  /** Share of measured values within their interval, which ought to be `level`. */
  coverage!: number | null;
  /** Of the fit, on which intervals are judged. */
  scale!: Transform;
  intervals!: IntervalCalibrationDto | null;

  static of({ level, outcomes, bias, mae, rmse, coverage, scale, intervals }: ModelCalibration): CalibrationDto {
    return { level, outcomes, bias, mae, rmse, coverage, scale, intervals };
  }
}
