import { ApiProperty } from '@nestjs/swagger';
import type { Nature } from '../analysis/response-surface.js';
import type { FactorKind, Setting } from '../factors.js';
import type { LeftOutReason, SelectionMethod } from './figures.js';

/** What cannot be told is null, never NaN; `notes` say why. */
class MeanSquareDto {
  df!: number;
  ss!: number;
  ms!: number | null;
}

class TestedMeanSquareDto extends MeanSquareDto {
  f!: number | null;
  p!: number | null;
}

export class ResidualDto extends MeanSquareDto {
  /** The standard deviation of a single result about the model. */
  sd!: number | null;
}

export class TotalDto {
  df!: number;
  ss!: number;
  /** Whether it is about the mean: so where the model holds the constant. */
  corrected!: boolean;
}

export class FitSummaryDto {
  n!: number;
  parameters!: number;
  residual!: ResidualDto;
  total!: TotalDto;
  model!: TestedMeanSquareDto;
  r2!: number | null;
  adjR2!: number | null;
  /** Sum of squared residuals as if each row had been left out. */
  press!: number | null;
  predR2!: number | null;
  logLik!: number | null;
  aic!: number | null;
  aicc!: number | null;
  bic!: number | null;
  /** Decimal digits on which double and double-double arithmetic agree. The figures are those of the latter. */
  certifiedDigits!: number;
}

export class CoefficientDto {
  /** A term, with the level in brackets where a factor is categorical. */
  term!: string;
  estimate!: number;
  standardError!: number | null;
  t!: number | null;
  /** Two-sided, of the hypothesis that it is 0. */
  p!: number | null;
  lower!: number | null;
  upper!: number | null;
  vif!: number | null;
}

export class AliasDto {
  term!: string;
  /** @example 'A:B = C' */
  alias!: string;
}

export class AnovaLineDto extends TestedMeanSquareDto {
  source!: string;
}

export class AnovaDto {
  /** Type I: what each term adds to those before it. */
  sequential!: AnovaLineDto[];
  /** What each term adds to all that do not contain it. */
  typeII!: AnovaLineDto[];
  /** What each term adds to all others. */
  typeIII!: AnovaLineDto[] | null;
}

export class LackOfFitDto {
  lackOfFit!: MeanSquareDto;
  /** What rows with the same settings differ by. Repeats of a run are no replicates and do not count, unless they were kept separate. */
  pureError!: MeanSquareDto;
  f!: number | null;
  p!: number | null;
}

export class RepeatabilityDto {
  df!: number;
  variance!: number;
  sd!: number;
}

export class RowDiagnosticsDto {
  /** Index of the row in `data.rows`. */
  row!: number;
  /** Number of the run. */
  run!: number | null;
  /** @example 'run 7' */
  label!: string;
  fitted!: number;
  residual!: number;
  /** How far the row alone decides its own fitted value: 0 to 1. */
  leverage!: number;
  /** Internally studentised residual. */
  standardized!: number | null;
  /** Externally studentised residual. */
  studentized!: number | null;
  cooksD!: number | null;
}

class EffectDto {
  term!: string;
  /** The change of the response from low to high. */
  effect!: number;
  ss!: number;
  size!: number;
}

export class HalfNormalPointDto extends EffectDto {
  quantile!: number;
}

export class ParetoBarDto extends EffectDto {
  cumulativeShare!: number;
}

export class LenthTestDto {
  m!: number;
  df!: number;
  s0!: number;
  /** Pseudo standard error of an effect. */
  pse!: number;
  marginOfError!: number;
  simultaneousMarginOfError!: number;
  exceedsMargin!: string[];
  exceedsSimultaneous!: string[];
}

export class EffectsDto {
  halfNormal!: HalfNormalPointDto[];
  pareto!: ParetoBarDto[];
  /** Of models without residual freedom. */
  lenth!: LenthTestDto | null;
}

export class BoxCoxPointDto {
  lambda!: number;
  relativeLogLikelihood!: number;
}

export class BoxCoxDto {
  /** The most likely power of the response: 1 none, 0.5 root, 0 logarithm, −1 inverse. */
  lambda!: number;
  lower!: number | null;
  upper!: number | null;
  profile!: BoxCoxPointDto[];
}

export class SelectionStepDto {
  action!: 'start' | 'remove' | 'add';
  term!: string | null;
  /** Of the model after this step. */
  aicc!: number;
}

export class SelectionDto {
  method!: SelectionMethod;
  steps!: SelectionStepDto[];
}

export class CanonicalAnalysisDto {
  factors!: string[];
  /** In the units of the model. */
  stationaryPoint!: Record<string, number> | null;
  stationaryPointNatural!: Record<string, number> | null;
  predicted!: number | null;
  /** Falling. */
  eigenvalues!: number[];
  eigenvectors!: number[][];
  nature!: Nature;
}

export class SteepestAscentDto {
  direction!: Record<string, number>;
  naturalIncrement!: Record<string, number>;
}

export class RidgeStepDto {
  /** Distance from the centre in coded units. */
  radius!: number;
  at!: Record<string, number>;
  atNatural!: Record<string, number>;
  predicted!: number;
}

export class RidgeDto {
  maximise!: RidgeStepDto[];
  minimise!: RidgeStepDto[];
}

export class SurfaceDto {
  canonical!: CanonicalAnalysisDto;
  steepestAscent!: SteepestAscentDto | null;
  /** The best predicted response on spheres about the centre. */
  ridge!: RidgeDto | null;
}

export class ModelNoteDto {
  /** The figure that it is about. @example 'boxCox' */
  about!: string;
  code!: string;
  detail!: string;
}

/** On the scale of the fit: of the transformed response where there is a transform. What cannot be told is null, and a note says why. */
export class ModelFiguresDto {
  /** The terms that were fitted. */
  terms!: string[];
  summary!: FitSummaryDto;
  coefficients!: CoefficientDto[];
  /** What the rows cannot tell from other terms. */
  aliases!: AliasDto[];
  anova!: AnovaDto;
  /** Null where no settings were run twice. */
  lackOfFit!: LackOfFitDto | null;
  /** What repeats of the same run differ by, on the scale of the measurement. */
  repeatability!: RepeatabilityDto | null;
  diagnostics!: RowDiagnosticsDto[];
  effects!: EffectsDto | null;
  boxCox!: BoxCoxDto | null;
  selection!: SelectionDto | null;
  surface!: SurfaceDto | null;
  notes!: ModelNoteDto[];
}

export class FactorDto {
  name!: string;
  kind!: FactorKind;
  low?: number;
  high?: number;
  centre?: number;
  @ApiProperty({ type: 'array', items: { oneOf: [{ type: 'number' }, { type: 'string' }] } })
  levels?: Setting[];
  unit?: string;
}

export class ModelRowDto {
  source!: 'run' | 'observation' | 'literature';
  runId!: string | null;
  /** The run's number. */
  run!: number | null;
  /** The results, or the published value, that it is made of. */
  ids!: string[];
  /** In the order of `factors`. */
  @ApiProperty({ type: 'array', items: { oneOf: [{ type: 'number' }, { type: 'string' }] } })
  settings!: Setting[];
  /** As measured; several where repeats were averaged. */
  values!: number[];
  value!: number;
  weight!: number;
}

export class LeftOutDto {
  reason!: LeftOutReason;
  count!: number;
  /** Numbers of the runs, where it is about runs. */
  runs!: number[];
}
