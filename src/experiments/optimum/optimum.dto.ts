import { ArrayMaxSize, IsArray, IsIn, IsInt, IsNumber, IsUUID, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import type { Nature } from '../analysis/response-surface.js';
import type { Setting } from '../factors.js';
import { RidgeStepDto } from '../models/figures.dto.js';
import type { Goal } from '../prediction/desirability.js';
import { IntervalDto } from '../predictions/predictions.dto.js';
import type { Optimum, SharedOptimum, SingleOptimum } from './optimum.service.js';

const MOST_MODELS = 20;
const MOST_CONSTRAINTS = 50;
const WISHES = ['maximise', 'minimise', 'target'] as const;

export class OptimumQueryDto {
  /** In place of the response's own goal. */
  @IfGiven() @IsIn(WISHES)
  goal?: (typeof WISHES)[number];

  /** In place of the response's own target. */
  @IfGiven() @Type(() => Number) @IsNumber()
  target?: number;
}

/** A bound on a weighted sum of numeric parameters in natural units, such as 2 Time + Temp ≤ 350. */
export class ConstraintDto {
  /** Weight of each parameter that takes part. @example { "Time": 2, "Temp": 1 } */
  @ValidateBy({
    name: 'coefficients',
    validator: {
      validate: (given: unknown) => typeof given === 'object' && given !== null && !Array.isArray(given) && Object.keys(given).length <= 100 && Object.values(given).every(Number.isFinite),
      defaultMessage: () => '$property must map names of parameters to finite numbers',
    },
  })
  coefficients!: Record<string, number>;

  @IfGiven() @IsNumber()
  atLeast?: number;

  @IfGiven() @IsNumber()
  atMost?: number;
}

export class SharedOptimumRequestDto {
  /** Models of other responses that are to be met together with this one. */
  @IfGiven() @IsArray() @ArrayMaxSize(MOST_MODELS) @IsUUID(undefined, { each: true })
  models?: string[];

  @IfGiven() @IsArray() @ArrayMaxSize(MOST_CONSTRAINTS) @ValidateNested({ each: true }) @Type(() => ConstraintDto)
  constraints?: ConstraintDto[];

  /** Where the search begins; the same seed gives the same answer. */
  @IfGiven() @IsInt() @Min(0) @Max(4294967295)
  seed?: number;
}

export class OptimalResponseDto {
  modelId!: string;
  /** The response's name. */
  response!: string;
  mean!: number | null;
  /** Of a transformed response the median. */
  meanIs!: 'mean' | 'median';
  standardError!: number | null;
  level!: number;
  confidence!: IntervalDto | null;
  prediction!: IntervalDto | null;
}

export class StationaryPointDto {
  /** In natural units. */
  settings!: Record<string, number> | null;
  /** In the units of the model. */
  coded!: Record<string, number> | null;
  nature!: Nature;
  /** Falling: the curvature along each axis. */
  eigenvalues!: number[];
}

class OptimumDto {
  /** By the parameter's name. */
  settings!: Record<string, Setting>;
  /** What the models say of these settings. */
  responses!: OptimalResponseDto[];
  /** Parameters at an end of their range: more may lie beyond. */
  atBound!: string[];
}

export class SingleOptimumDto extends OptimumDto {
  goal!: 'maximise' | 'minimise' | 'target';
  target!: number | null;
  /** Null where the model has no surface of second order. */
  stationaryPoint!: StationaryPointDto | null;
  /** From the centre towards the goal: the best predicted response on spheres about the centre. */
  ridge!: RidgeStepDto[] | null;

  static of(optimum: SingleOptimum): SingleOptimumDto {
    const { wish, contents: { figures: { surface } }, ridge } = optimum;
    const stationaryPoint = surface && { settings: surface.canonical.stationaryPointNatural, coded: surface.canonical.stationaryPoint, nature: surface.canonical.nature, eigenvalues: surface.canonical.eigenvalues };
    return { ...common(optimum), goal: wish.goal, target: wish.goal === 'target' ? wish.target : null, stationaryPoint, ridge };
  }
}

export class DesirabilityDto {
  /** 0, of no use, to 1, as good as can be. */
  overall!: number;
  /** One a response. */
  individual!: number[];
}

export class SharedOptimumDto extends OptimumDto {
  desirability!: DesirabilityDto;
  /** One a response; bounds that a response does not name are those of what was measured. */
  goals!: Goal[];

  static of(optimum: SharedOptimum): SharedOptimumDto {
    return { ...common(optimum), desirability: optimum.desirability!, goals: optimum.goals };
  }
}

function common({ factors, at, models, responses, predictions, atBound }: Optimum): OptimumDto {
  return {
    settings: Object.fromEntries(factors.map(({ name }, index) => [name, at[index]!])),
    responses: models.map(({ id }, index) => {
      const { mean, meanIs, standardError, level, confidence, prediction } = predictions[index]!;
      return { modelId: id, response: responses[index]!.name, mean, meanIs, standardError, level, confidence, prediction };
    }),
    atBound,
  };
}
