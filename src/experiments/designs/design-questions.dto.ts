import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsPositive, Length, Max, Min, ValidateNested } from 'class-validator';
import { Transform, Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import type { PropertiesAnswer } from '../design/questions.js';
import type { Setting } from '../factors.js';
import { RunDto } from '../runs/runs.dto.js';
import { type ModelName, type Preset, PRESETS } from '../terms.js';
import { LinearConstraintDto } from './design-options.dto.js';
import type { Repaired, Separated } from './design-questions.js';
import { DesignFiguresDto } from './designs.dto.js';
import { IsModel, IsTerms } from './is-model.js';

export class PropertiesQuery {
  /** A preset; the largest that the runs can estimate unless model or terms are given. @example 'quadratic' */
  @IfGiven() @IsIn(PRESETS)
  model?: Preset;

  /** In place of a preset: terms with commas between them. @example ["1", "A", "B", "A:B"] */
  @IfGiven() @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').map((term) => term.trim()) : value)) @IsTerms()
  terms?: string[];

  /** For the power: the effect worth finding, in standard deviations of a single result. */
  @IfGiven() @Type(() => Number) @IsNumber() @IsPositive()
  effect?: number;

  /** In place of effect: the response whose smallestEffect is worth finding, with sigma. */
  @IfGiven() @Length(1, 64)
  response?: string;

  /** The standard deviation of a single result of the response. */
  @IfGiven() @Type(() => Number) @IsNumber() @IsPositive()
  sigma?: number;

  /** The chance of a false alarm; 0.05 unless given. */
  @IfGiven() @Type(() => Number) @IsNumber() @IsPositive() @Max(0.5)
  alpha?: number;
}

class EffectDto {
  /** A preset or a list of terms; the largest preset that the runs can estimate unless given. @example 'linear' */
  @IfGiven() @IsModel()
  model?: ModelName;

  /** For the power: the effect worth finding, in standard deviations of a single result. @example 2 */
  @IfGiven() @IsNumber() @IsPositive()
  effect?: number;

  /** In place of effect: the response whose smallestEffect is worth finding, with sigma. */
  @IfGiven() @Length(1, 64)
  response?: string;

  /** The standard deviation of a single result of the response. */
  @IfGiven() @IsNumber() @IsPositive()
  sigma?: number;

  /** The chance of a false alarm; 0.05 unless given. */
  @IfGiven() @IsNumber() @IsPositive() @Max(0.5)
  alpha?: number;
}

export class LimitsRequestDto extends EffectDto {
  /** Pairs are named whose correlation lies above it; 0.1 unless given. */
  @IfGiven() @IsNumber() @Min(0) @Max(0.999)
  threshold?: number;
}

export class SeparateRequestDto {
  /** Two terms that cannot be told apart. @example ["A:B", "C:D"] */
  @IsArray() @ArrayMinSize(2) @ArrayMaxSize(2) @Length(1, 500, { each: true })
  pair!: string[];

  /** What else is in the model: a preset or a list of terms; the largest preset that the runs can estimate unless given. */
  @IfGiven() @IsModel()
  model?: ModelName;

  /** What the added runs must keep to. */
  @IfGiven() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => LinearConstraintDto)
  constraints?: LinearConstraintDto[];

  /** Runs beyond what is needed, for precision. */
  @IfGiven() @IsInt() @Min(0) @Max(50)
  spare?: number;

  /** Adds the runs to the experiment, as planned ones. */
  @IfGiven() @IsBoolean()
  add?: boolean;
}

export class RepairRequestDto {
  /** A preset or a list of terms; the largest preset that the complete runs can estimate unless given. */
  @IfGiven() @IsModel()
  model?: ModelName;

  /** What the replacement must keep to. */
  @IfGiven() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => LinearConstraintDto)
  constraints?: LinearConstraintDto[];

  /** Adds the replacement to the experiment, as a planned run. */
  @IfGiven() @IsBoolean()
  add?: boolean;
}

export class ColumnPropertiesDto {
  /** @example 'A:B' */
  name!: string;
  /** Index of its term in the model. */
  term!: number;
  /** For an error standard deviation of 1. */
  relativeStandardError!: number;
  /** How much the variance is inflated by correlation with other columns; null for the intercept. */
  vif!: number | null;
}

export class TermPowerDto {
  term!: string;
  df!: number;
  noncentrality!: number;
  /** 0 to 1; null where no degrees of freedom are left to estimate the error. */
  power!: number | null;
}

/** What the runs of a design promise for a model, as they stand now. */
export class DesignPropertiesDto extends DesignFiguresDto {
  model!: string[];
  runs!: number;
  columns!: ColumnPropertiesDto[];
  /** Of each run: the share of its own result in its fitted value. */
  leverage!: number[];
  /** Of the columns with each other; null for a constant one. */
  correlations!: (number | null)[][];
  /** For each term at the effect that was named; null where none was. */
  powers!: TermPowerDto[] | null;

  static of({ model, properties, correlations, powers }: PropertiesAnswer): DesignPropertiesDto {
    return { model, ...properties, correlations, powers };
  }
}

export class EffectPairDto {
  first!: string;
  second!: string;
  /** −1 to 1. */
  correlation!: number;
}

export class NotEstimableDto {
  term!: string;
  /** @example 'A:B = C' */
  why!: string;
}

export class AliasMatrixDto {
  coefficients!: string[];
  omitted!: string[];
  /** One row a coefficient, one column an omitted effect: how far each of these of size 1 shifts the coefficient. */
  shifts!: number[][];
}

/** What the runs cannot tell, whatever is measured in them. */
export class LimitsDto {
  model!: string[];
  /** Effects that are the same in every run. */
  constant!: string[];
  /** Pairs that vary together in every run. */
  aliased!: EffectPairDto[];
  /** Pairs whose correlation lies above the threshold. */
  partlyAliased!: EffectPairDto[];
  /** Terms of the model that cannot be estimated, and why. */
  notEstimable!: NotEstimableDto[];
  /** Null where the model cannot be estimated. */
  bias!: AliasMatrixDto | null;
  /** Null where no effect was named, or the model cannot be estimated. */
  powers!: TermPowerDto[] | null;
}

export class SeparationDto {
  model!: string[];
  /** Settings of the runs that tell the two apart, by the parameters' names; none where they are told apart already. */
  added!: Record<string, Setting>[];
  /** Of the two coefficients with these runs, for an error standard deviation of 1. */
  relativeStandardErrors!: number[];
  /** The runs that were added to the experiment, where that was asked for. */
  runs!: RunDto[];

  static of({ model, added, relativeStandardErrors, runs }: Separated): SeparationDto {
    return { model, added, relativeStandardErrors, runs: runs.map((run) => RunDto.of(run)) };
  }
}

export class ReplacementDto {
  settings!: Record<string, Setting>;
  /** The number of the lost run that it repeats; null for a new one. */
  repeats!: number | null;
  /** With it in place; 1 is the design as it was planned. */
  relativeEfficiency!: number;
  rank!: number;
}

export class RepairDto {
  model!: string[];
  /** Numbers of the runs that failed or were abandoned. */
  lost!: number[];
  runsLeft!: number;
  residualDf!: number;
  /** Terms that can still be estimated. */
  estimable!: string[];
  notEstimable!: NotEstimableDto[];
  /** Equations between columns. @example ["A:B = C"] */
  aliases!: string[];
  rank!: number;
  parameters!: number;
  /** det(X'X)^(1/p) after the loss over that before; 0 where a term can no longer be estimated. */
  relativeEfficiency!: number;
  /** The one run that restores most. */
  replacement!: ReplacementDto;
  /** The replacement in the experiment, where that was asked for. */
  run!: RunDto | null;

  static of({ model, lost, runsLeft, residualDf, estimable, notEstimable, aliases, rank, parameters, relativeEfficiency, replacement, run }: Repaired): RepairDto {
    return { model, lost, runsLeft, residualDf, estimable, notEstimable, aliases, rank, parameters, relativeEfficiency, replacement, run: run && RunDto.of(run) };
  }
}
