import { IsArray, IsIn, IsInt, IsNumber, IsObject, IsOptional, IsString, Length, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import { SmallJson } from '../../platform/http/small-json.js';
import { CleanText } from '../../platform/http/text.js';
import { DESIGN_KINDS, type DesignKind, type PlanOptions } from '../design/plan.js';
import { DesignOptionsDto } from '../designs/design-options.dto.js';
import { CreateExperimentDto } from '../experiments.dto.js';
import type { Factor, Setting } from '../factors.js';
import { CreateLiteratureEntryDto } from '../literature/literature.dto.js';
import { CreateParameterDto } from '../parameters/parameters.dto.js';
import { CreateResponseDto } from '../responses/responses.dto.js';
import { CreateRunDto, IsSettings } from '../runs/runs.dto.js';

/** Rises when a reader of the old form could not read the new one. */
export const FILE_FORMAT = 'provost experiment 1';

const MOST_JSON = 1024 * 1024;

function BoundedJson(): PropertyDecorator {
  return ValidateBy({ name: 'boundedJson', validator: { validate: (value: unknown) => JSON.stringify(value ?? null).length <= MOST_JSON, defaultMessage: () => '$property must be at most 1 MB of JSON' } });
}

export class FileDesignDto {
  /** Its place in the file; runs name it. */
  @IsInt() @Min(1)
  number!: number;

  @IsIn(DESIGN_KINDS)
  kind!: DesignKind;

  @ValidateNested() @Type(() => DesignOptionsDto)
  options!: PlanOptions;

  /** With the same seed and parameters the design comes out the same. */
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER)
  seed!: number;

  /** The parameters as they were. */
  @IsArray() @BoundedJson()
  factors!: Factor[];

  @IsInt() @Min(0)
  runs!: number;

  @IsObject() @BoundedJson()
  structure!: Record<string, unknown>;
}

export class FileRunDto extends CreateRunDto {
  static override readonly readOnly: string[] = [];

  /** In which order runs are made. */
  @IsInt() @Min(1) @Max(2 ** 31 - 1)
  number!: number;

  /** What was really set, where it came out otherwise. */
  @IfGiven() @IsSettings()
  actual?: Record<string, Setting>;

  /** The number of its design in the file. */
  @IsOptional() @IsInt() @Min(1)
  design?: number | null;
}

export class FileResultDto {
  static readonly readOnly = ['at'];

  /** Its place in the file; corrections name it. */
  @IsInt() @Min(1)
  number!: number;

  /** The number of the run; null for a free observation. */
  @IsOptional() @IsInt() @Min(1)
  run?: number | null;

  /** The response's name. */
  @IsString() @Length(1, 64)
  response!: string;

  @IsNumber()
  value!: number;

  @IfGiven() @IsInt() @Min(1) @Max(1000)
  repeat?: number;

  /** Of a free observation. */
  @IsOptional() @IsSettings()
  settings?: Record<string, Setting> | null;

  /** The number of the result that this one replaces. */
  @IsOptional() @IsInt() @Min(1)
  corrects?: number | null;

  /** Why the value it replaces was wrong. */
  @IsOptional() @CleanText() @Length(1, 500)
  reason?: string | null;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;

  /** When it was written down. A copy has a time of its own. */
  at?: string;
}

export class FileLiteratureDto extends CreateLiteratureEntryDto {}

/** An experiment with everything in it, by names and numbers, so that it means the same elsewhere. */
export class ExperimentFileDto {
  /** @example 'provost experiment 1' */
  format!: string;
  exportedAt?: string;
  experiment!: CreateExperimentDto;
  parameters!: CreateParameterDto[];
  responses!: CreateResponseDto[];
  designs!: FileDesignDto[];
  runs!: FileRunDto[];
  /** With those that were corrected. */
  results!: FileResultDto[];
  literature!: FileLiteratureDto[];
}

export class DuplicateDto {
  /** That of the original, called a copy, if absent. */
  @IfGiven() @CleanText() @Length(1, 200)
  title?: string;

  /** Whether what was measured comes along; without it all runs are planned anew. True if absent. */
  @IfGiven() @ValidateBy({ name: 'isBoolean', validator: { validate: (value: unknown) => typeof value === 'boolean', defaultMessage: () => '$property must be true or false' } })
  results?: boolean;
}
