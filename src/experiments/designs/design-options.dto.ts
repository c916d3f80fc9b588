import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, IsNumber, Matches, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import { type AxialDistance, AXIAL_DISTANCES } from '../design/central-composite.js';
import { LARGEST_DESIGN } from '../design/planned-run.js';
import type { ModelName } from '../terms.js';
import { IsModel } from './is-model.js';

const MOST_NAMED = 100;

/** An object from names of factors to finite numbers. */
function IsNumberByName(): PropertyDecorator {
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
  return ValidateBy({
    name: 'numberByName',
    validator: {
      validate: (value: unknown) => isObject(value) && Object.keys(value).length <= MOST_NAMED && Object.values(value).every((each) => typeof each === 'number' && Number.isFinite(each)),
      defaultMessage: () => '$property must map names of parameters to finite numbers',
    },
  });
}

function IsAxialDistance(): PropertyDecorator {
  return ValidateBy({
    name: 'axialDistance',
    validator: {
      validate: (value: unknown) => (AXIAL_DISTANCES as readonly unknown[]).includes(value) || (typeof value === 'number' && Number.isFinite(value)),
      defaultMessage: () => `$property must be ${AXIAL_DISTANCES.join(', ')}, or a number`,
    },
  });
}

/** A bound on a weighted sum of numeric parameters in natural units. */
export class LinearConstraintDto {
  /** The weight of each parameter that takes part, by its name. @example { "Time": 2, "Temperature": 1 } */
  @IsNumberByName()
  coefficients!: Record<string, number>;

  @IfGiven() @IsNumber()
  atLeast?: number;

  /** @example 300 */
  @IfGiven() @IsNumber()
  atMost?: number;
}

/** Each kind of design reads its own; what it does not read is refused. */
export class DesignOptionsDto {
  /** `full-factorial`: how many levels a continuous parameter takes, by its name; 2 unless given. @example { "Temperature": 3 } */
  @IfGiven() @IsNumberByName()
  levels?: Record<string, number>;

  /** `fractional-factorial`, `central-composite`: letters stand for the parameters in their order, I left out. @example ["E=ABC"] */
  @IfGiven() @IsArray() @ArrayMaxSize(24) @Matches(/^[\sA-Z=+-]{1,60}$/, { each: true })
  generators?: string[];

  /** How many runs: `fractional-factorial`, `plackett-burman`, `latin-hypercube`; `d-optimal`, where it must be given. */
  @IfGiven() @IsInt() @Min(1) @Max(LARGEST_DESIGN)
  runs?: number;

  /** `fractional-factorial`: the smallest fraction that reaches this resolution; 4 unless generators or runs are given. */
  @IfGiven() @IsInt() @Min(3) @Max(10)
  resolution?: number;

  /** `fractional-factorial`, `plackett-burman`: adds the mirror image as a block of its own. */
  @IfGiven() @IsBoolean()
  foldOver?: boolean;

  /** Two-level designs: 2, 4, 8 …; `central-composite`, `box-behnken`: any number above 1 asks for their own blocks. */
  @IfGiven() @IsInt() @Min(1) @Max(1024)
  blocks?: number;

  @IfGiven() @IsInt() @Min(0) @Max(1000)
  centrePoints?: number;

  /** How often the whole design is run; 1 unless given. */
  @IfGiven() @IsInt() @Min(1) @Max(1000)
  replicates?: number;

  /** `central-composite`: how far out the axial points lie, by name or in coded units; `rotatable` unless given. */
  @ApiProperty({ oneOf: [{ type: 'string', enum: [...AXIAL_DISTANCES] }, { type: 'number' }] })
  @IfGiven() @IsAxialDistance()
  alpha?: AxialDistance | number;

  /** `central-composite`: shrinks the design so that the axial points lie at the bounds. */
  @IfGiven() @IsBoolean()
  inscribed?: boolean;

  /** `simplex-lattice`: 2 unless given. */
  @IfGiven() @IsInt() @Min(1) @Max(20)
  degree?: number;

  /** `simplex-lattice`, `simplex-centroid`: adds blends halfway to each vertex, and the overall centroid. */
  @IfGiven() @IsBoolean()
  interior?: boolean;

  /** `d-optimal`: the model that the design is best for, a preset or a list of terms; `quadratic` (of mixtures `scheffe-quadratic`) unless given. @example 'quadratic' */
  @IfGiven() @IsModel()
  model?: ModelName;

  /** `d-optimal`: what runs must keep to. */
  @IfGiven() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => LinearConstraintDto)
  constraints?: LinearConstraintDto[];

  /** `d-optimal`: searches from so many random starts, of which the best counts; 10 unless given. */
  @IfGiven() @IsInt() @Min(1) @Max(1000)
  starts?: number;

  /** `d-optimal`: completes the runs that are there (failed and abandoned ones apart), so that all together are best; `runs` are then the new ones. */
  @IfGiven() @IsBoolean()
  keepRuns?: boolean;

  /** `latin-hypercube`: how many exchanges are tried; 100 for each run and parameter unless given. */
  @IfGiven() @IsInt() @Min(0) @Max(200_000)
  exchanges?: number;
}
