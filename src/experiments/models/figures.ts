import type { AnovaLine } from '../analysis/anova.js';
import type { BoxCox } from '../analysis/box-cox.js';
import type { Alias, Coefficient } from '../analysis/coefficients.js';
import type { RunDiagnostics } from '../analysis/diagnostics.js';
import type { HalfNormalPoint, LenthTest, ParetoBar } from '../analysis/effects.js';
import type { Units } from '../analysis/exact-model.js';
import type { LackOfFit } from '../analysis/lack-of-fit.js';
import type { CanonicalAnalysis } from '../analysis/response-surface.js';
import type { SelectionStep } from '../analysis/selection.js';
import type { FitSummary } from '../analysis/summary.js';
import type { Transform } from '../analysis/transform.js';
import type { Factor, Setting } from '../factors.js';
import type { Contrasts } from '../model-matrix.js';
import type { Predictor } from '../prediction/predictor.js';
import type { Preset } from '../terms.js';

/*
 * What a stored model is made of. All of it is plain data: a model is fitted in a worker thread, kept as deflated JSON, and
 * any of its figures can be computed again from `ModelSpec` and `ModelData` alone.
 */

export const SELECTIONS = ['none', 'backward', 'stepwise'] as const;
export type SelectionMethod = (typeof SELECTIONS)[number];

/** How a model is fitted. */
export interface ModelSpec {
  /** As they were asked for, in text form; what selection left is in the figures. */
  terms: string[];
  preset: Preset | null;
  units: Units;
  contrasts: Contrasts;
  transform: Transform;
  /** Of intervals. */
  level: number;
  selection: SelectionMethod;
  /** Which settings of a run count: as they were, or as they were planned. */
  settings: 'actual' | 'planned';
  /** `mean`: the repeats of a run are one row, their mean; `separate`: each is a row, as if it were a run of its own. */
  repeats: 'mean' | 'separate';
  literature: boolean;
  suspect: boolean;
  /** The name of the factor that stands for blocks; null without. */
  block: string | null;
}

/** What a model is fitted to. */
export interface ModelData {
  response: { id: string; name: string; unit: string | null };
  /** The parameters as they were, and the block factor behind them. */
  factors: Factor[];
  /** One a factor; null for the block. */
  parameterIds: (string | null)[];
  rows: ModelRow[];
  leftOut: LeftOut[];
}

export interface ModelRow {
  source: 'run' | 'observation' | 'literature';
  runId: string | null;
  /** The run's number. */
  run: number | null;
  /** The results that it is made of, or the published value. */
  ids: string[];
  /** Natural, one a factor of the model. */
  settings: Setting[];
  /** As measured; several where repeats were averaged. */
  values: number[];
  /** Their mean, before any transform. */
  value: number;
  weight: number;
}

export type LeftOutReason = 'failed' | 'abandoned' | 'suspect' | 'no-result' | 'setting-missing' | 'literature';

export interface LeftOut {
  reason: LeftOutReason;
  count: number;
  /** Numbers of the runs, where it is about runs. */
  runs: number[];
}

/** A figure that is missing, and why; or a warning. */
export interface Note {
  /** Which figure it is about: `boxCox`, `surface`, `coefficients` … */
  about: string;
  code: string;
  detail: string;
}

export interface RowDiagnostics extends RunDiagnostics {
  /** Index of the row in the data. */
  row: number;
  run: number | null;
  /** `run 7`, `observation 2`, `literature 1`. */
  label: string;
}

export interface RidgeStep {
  /** Distance from the centre in coded units. */
  radius: number;
  at: Record<string, number>;
  atNatural: Record<string, number>;
  predicted: number;
}

export interface SurfaceFigures {
  /** The stationary point with its nature, in units of the model and in natural ones. */
  canonical: CanonicalAnalysis;
  /** The direction in which the response rises fastest from the centre; null where it does not rise. */
  steepestAscent: { direction: Record<string, number>; naturalIncrement: Record<string, number> } | null;
  /** The best predicted response on spheres about the centre; null in natural units, where radii mean nothing. */
  ridge: { maximise: RidgeStep[]; minimise: RidgeStep[] } | null;
}

/** All figures are those of the scale of the fit: of the transformed response where there is a transform. */
export interface ModelFigures {
  /** The terms that were fitted, in text form. */
  terms: string[];
  summary: FitSummary;
  coefficients: Coefficient[];
  /** What these runs cannot tell from other terms. */
  aliases: Alias[];
  anova: { sequential: AnovaLine[]; typeII: AnovaLine[]; typeIII: AnovaLine[] | null };
  /** Null where no setting was run twice. */
  lackOfFit: LackOfFit | null;
  /** How far repeats of the same run differ: the error of measuring, which is only part of pure error. Null without repeats. */
  repeatability: { df: number; variance: number; sd: number } | null;
  diagnostics: RowDiagnostics[];
  effects: { halfNormal: HalfNormalPoint[]; pareto: ParetoBar[]; lenth: LenthTest | null } | null;
  boxCox: BoxCox | null;
  selection: { method: SelectionMethod; steps: SelectionStep[] } | null;
  surface: SurfaceFigures | null;
  notes: Note[];
  /** What predictions need of the fit. */
  predictor: Predictor;
}

/** The deflated part of a stored model. */
export interface ModelContents {
  data: ModelData;
  figures: ModelFigures;
}
