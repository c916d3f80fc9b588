import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsNumber, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import type { Units } from '../analysis/exact-model.js';
import { type Transform, TRANSFORMS } from '../analysis/transform.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { Contrasts } from '../model-matrix.js';
import { type Preset, PRESETS } from '../terms.js';
import { FactorDto, LeftOutDto, ModelFiguresDto, ModelRowDto } from './figures.dto.js';
import { type SelectionMethod, SELECTIONS } from './figures.js';
import type { ShownModel, WholeModel } from './models.service.js';

const MOST_TERMS = 300;

export class CreateModelDto {
  static readonly readOnly = ['id', 'rows', 'experimentVersion', 'createdBy', 'createdAt'];

  /** The response's name or id. @example 'Yield' */
  @IsString() @Length(1, 64)
  response!: string;

  /** Terms by name; give either this or `terms`. @example 'quadratic' */
  @IfGiven() @IsIn(PRESETS)
  preset?: Preset;

  /** Products and powers of parameters; `1` is the intercept. @example ["1", "Temperature", "Catalyst", "Temperature:Catalyst", "Temperature^2"] */
  @IfGiven() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_TERMS) @IsString({ each: true }) @MaxLength(500, { each: true })
  terms?: string[];

  /** What its maker calls it. */
  @IsOptional() @CleanText() @Length(0, 120)
  label?: string | null;

  /** Settings as they were (`actual`, the default) or as they were planned. */
  @IfGiven() @IsIn(['actual', 'planned'])
  settings?: 'actual' | 'planned';

  /** Repeats of a run become their mean (the default) and say nothing about the error between runs; `separate` takes each as if it were a run of its own. */
  @IfGiven() @IsIn(['mean', 'separate'])
  repeats?: 'mean' | 'separate';

  /** Lets published values join, each with its weight. */
  @IfGiven() @IsBoolean()
  literature?: boolean;

  /** Lets runs join that are called suspect. */
  @IfGiven() @IsBoolean()
  suspect?: boolean;

  /** What the response is turned into before the fit. */
  @IfGiven() @IsIn(TRANSFORMS)
  transform?: Transform;

  /** Leaves out terms that do not pay, by AICc. */
  @IfGiven() @IsIn(SELECTIONS)
  selection?: SelectionMethod;

  /** Of intervals. @example 0.95 */
  @IfGiven() @IsNumber() @Min(0.5) @Max(0.9999)
  level?: number;

  /** Takes off what blocks of runs explain, as a categorical factor. What lies in no block is a block of its own, called none. */
  @IfGiven() @IsBoolean()
  blocks?: boolean;

  /** Whether terms mean coded values, −1 at low and +1 at high (the default), or natural ones. */
  @IfGiven() @IsIn(['coded', 'natural'])
  units?: Units;

  /** How categorical factors become columns: beside the first level (`treatment`, the default), or adding up to zero. */
  @IfGiven() @IsIn(['treatment', 'sum'])
  contrasts?: Contrasts;
}

export class ModelSpecDto {
  terms!: string[];
  preset!: Preset | null;
  units!: Units;
  contrasts!: Contrasts;
  transform!: Transform;
  level!: number;
  selection!: SelectionMethod;
  settings!: 'actual' | 'planned';
  repeats!: 'mean' | 'separate';
  literature!: boolean;
  suspect!: boolean;
  /** The factor that stands for blocks. */
  block!: string | null;
}

export class ModelHeadlineDto {
  terms!: string[];
  rows!: number;
  parameters!: number;
  residualDf!: number;
  sd!: number | null;
  r2!: number | null;
  adjR2!: number | null;
  predR2!: number | null;
  certifiedDigits!: number;
}

export class ModelDto {
  id!: string;
  responseId!: string;
  /** The response's name. */
  response!: string;
  label!: string | null;
  spec!: ModelSpecDto;
  headline!: ModelHeadlineDto;
  /** SHA-256 of the rows and of how factors are coded. */
  dataHash!: string;
  /** The version of the experiment that it was fitted to. */
  experimentVersion!: number;
  createdBy!: string;
  createdAt!: string;

  static of({ model, response }: ShownModel): ModelDto {
    const { id, responseId, label, spec, headline, dataHash, experimentVersion, createdBy, createdAt } = model;
    return { id, responseId, response, label, spec, headline, dataHash, experimentVersion, createdBy, createdAt: createdAt.toISOString() };
  }
}

export class ModelDataDto {
  /** Parameters as they were; behind them the block, where it is in the model. */
  factors!: FactorDto[];
  rows!: ModelRowDto[];
  /** What did not join, and why. */
  leftOut!: LeftOutDto[];
}

export class WholeModelDto extends ModelDto {
  /** Whether a fit would be made of the same data now. */
  isCurrent!: boolean;
  /** From these rows and `spec` every figure can be computed again. */
  data!: ModelDataDto;
  figures!: ModelFiguresDto;

  static override of(whole: WholeModel): WholeModelDto {
    const { data: { factors, rows, leftOut }, figures: { predictor: _, ...figures } } = whole.contents;
    return { ...ModelDto.of(whole), isCurrent: whole.isCurrent, data: { factors: factors as FactorDto[], rows, leftOut }, figures };
  }
}

export class ModelsDto {
  data!: ModelDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}
