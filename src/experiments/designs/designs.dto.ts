import { IsIn, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import type { AliasStructure } from '../design/aliases.js';
import type { Blocking } from '../design/blocking.js';
import { DESIGN_KINDS, type DesignKind, type PlanOptions } from '../design/plan.js';
import type { PropertySummary } from '../design/planned-design.js';
import type { Factor } from '../factors.js';
import type { Design } from './design.entity.js';
import { DesignOptionsDto } from './design-options.dto.js';

export class CreateDesignDto {
  /** @example 'fractional-factorial' */
  @IsIn(DESIGN_KINDS)
  kind!: DesignKind;

  @IfGiven() @ValidateNested() @Type(() => DesignOptionsDto)
  options?: DesignOptionsDto;

  /** The same seed gives the same runs in the same order; drawn where none is given. */
  @IfGiven() @IsInt() @Min(0) @Max(4_294_967_295)
  seed?: number;

  /** After so many seconds a search ends with the best that it has, and says so. The service has a limit of its own. */
  @IfGiven() @IsInt() @Min(1) @Max(3600)
  seconds?: number;
}

/** What two-level designs cannot tell apart. Letters stand for the parameters in their order, I left out. */
export class DesignAliasesDto implements AliasStructure {
  runs!: number;
  /** @example ["E=ABCD"] */
  generators!: string[];
  /** In Roman figures; null for a full factorial. @example 'V' */
  resolution!: string | null;
  resolutionNumber!: number | null;
  /** How many words of the defining relation have each length. @example { "5": 1 } */
  wordLengthPattern!: Record<number, number>;
  /** The defining relation: words that equal the identity. @example ["ABCDE"] */
  definingWords!: string[];
  /** For each main effect its aliases among main effects and two-factor interactions. */
  aliasesOfMainEffects!: Record<string, string[]>;
  aliasesOfTwoFactorInteractions!: Record<string, string[]>;
  /** Aliased with no main effect and no two-factor interaction. */
  clearMainEffects!: string[];
  clearTwoFactorInteractions!: string[];
}

export class DesignBlockingDto implements Omit<Blocking, 'blockOfRun'> {
  blocks!: number;
  blockSize!: number;
  blockGenerators!: string[];
  /** For each degree of freedom between blocks the effects that cannot be told from it. */
  confoundedWithBlocks!: string[][];
  confoundedMainEffects!: string[];
  confoundedTwoFactorInteractions!: string[];
}

/** How well a set of runs tells the terms of a model. */
export class DesignFiguresDto {
  parameters!: number;
  residualDf!: number;
  /** ln det(X'X), in coded units. */
  logDeterminant!: number;
  /** det(X'X)^(1/p) / n; 1 for an orthogonal two-level design. */
  dEfficiency!: number;
  aEfficiency!: number;
  gEfficiency!: number;
  iEfficiency!: number;
  maxScaledPredictionVariance!: number;
  /** Points of the region at which the largest variance was looked for. */
  gridPoints!: number;
  averagePredictionVariance!: number;
  averageScaledPredictionVariance!: number;
  /** Largest over smallest eigenvalue of X'X. */
  conditionNumber!: number;
  /** No two columns are correlated. */
  orthogonal!: boolean;
  largestCorrelation!: number;
}

/** What a design promises for a model before anything is measured. */
export class DesignSummaryDto extends DesignFiguresDto implements PropertySummary {
  /** The largest model that the design can estimate, or the one that it was made for. @example ["1", "A", "B", "A:B"] */
  model!: string[];
  /** With the runs that it completes. */
  runs!: number;
  /** How much the worst variance is inflated by correlation. */
  largestVif!: number | null;
}

export class DesignDto {
  id!: string;
  kind!: DesignKind;
  options!: PlanOptions;
  seed!: number;
  /** The parameters as they were. */
  factors!: Factor[];
  /** How many runs were added. */
  runs!: number;
  /** Of regular two-level designs. */
  aliases!: DesignAliasesDto | null;
  blocking!: DesignBlockingDto | null;
  /** Of central composite designs: how far out the axial points lie, in coded units. */
  alpha!: number | null;
  /** Of designs that were searched for: what the search found, and how often. */
  search!: Record<string, number> | null;
  /** `time-limit` where the search ended before its end: then the seed does not promise the same runs. */
  stopped!: 'time-limit' | null;
  /** Of designs that complete others: how many runs were there. */
  kept!: number | null;
  /** Null where no preset model can be estimated. */
  properties!: DesignSummaryDto | null;
  createdBy!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, kind, options, seed, factors, runs, structure, createdBy, createdAt, updatedAt, version }: Design): DesignDto {
    const { aliases = null, blocking = null, alpha = null, search = null, stopped = null, kept = null, properties } = structure;
    return { id, kind, options, seed, factors, runs, aliases, blocking, alpha, search, stopped, kept, properties, createdBy, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}
