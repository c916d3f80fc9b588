import { type Transform, transformed } from '../analysis/transform.js';
import { Problem } from '../../platform/problems/problem.js';
import type { Model } from '../models/model.entity.js';
import { type Calibration, calibration, type Outcome } from '../prediction/feedback.js';
import type { ShownFeedback } from './feedback.service.js';

/** How good the predictions of a model have been so far. Errors are measured minus predicted. */
export interface ModelCalibration {
  readonly level: number;
  /** Measured predictions. */
  readonly outcomes: number;
  /** On the scale of the response; null without outcomes. */
  readonly bias: number | null;
  readonly mae: number | null;
  readonly rmse: number | null;
  /** Share of measured values within their interval; null where no prediction had one. */
  readonly coverage: number | null;
  readonly scale: Transform;
  /** Of the predictions that have an interval, on the scale of the fit. */
  readonly intervals: Calibration | null;
}

export function calibrationOf({ spec: { transform } }: Model, feedback: readonly ShownFeedback[], level: number): ModelCalibration {
  const errors = feedback.flatMap(({ measured, prediction: { figures } }) => (measured === null || figures.mean === null ? [] : [measured - figures.mean]));
  const outcomes = feedback.flatMap((one) => outcomeOf(one, transform));
  const intervals = outcomes.length > 0 ? calibration(outcomes, level) : null;
  return {
    level,
    outcomes: errors.length,
    bias: mean(errors),
    mae: mean(errors.map(Math.abs)),
    rmse: errors.length > 0 ? Math.sqrt(mean(errors.map((error) => error * error))!) : null,
    coverage: intervals?.coverage ?? null,
    scale: transform,
    intervals,
  };
}

/** None where the model had no error to judge by, or a later correction has no value on its scale. */
function outcomeOf({ measured, prediction: { figures: { fitScale: { mean: predicted, standardErrorNew: standardError, df } } } }: ShownFeedback, transform: Transform): Outcome[] {
  if (measured === null || predicted === null || standardError === null) return [];
  try {
    return [{ predicted, standardError, df, actual: transformed([measured], transform)[0]! }];
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
