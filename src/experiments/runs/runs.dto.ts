import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Length, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IfGiven } from '../../platform/http/if-given.js';
import { SmallJson } from '../../platform/http/small-json.js';
import { CleanText } from '../../platform/http/text.js';
import type { Setting } from '../factors.js';
import { settingsByName } from '../named-settings.js';
import { RUN_STATUSES, type RunStatus } from './run.entity.js';
import type { ShownRun } from './runs.service.js';

const READ_ONLY = ['id', 'number', 'designId', 'createdAt', 'updatedAt', 'version'];
const MOST_AT_ONCE = 1000;

/** A number or a level's name for each parameter, by the parameter's name (or id). */
export function IsSettings(): PropertyDecorator {
  const isSetting = (value: unknown): boolean => (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value.length <= 64);
  return ValidateBy({
    name: 'settings',
    validator: {
      validate: (settings: unknown) => typeof settings === 'object' && settings !== null && !Array.isArray(settings) && Object.keys(settings).length <= 200 && Object.values(settings).every(isSetting),
      defaultMessage: () => '$property must map names of parameters to finite numbers or names of levels',
    },
  });
}

export class CreateRunDto {
  static readonly readOnly = READ_ONLY;

  /** The value of every parameter by its name. @example { "Temperature": 70, "Catalyst": "B" } */
  @IsSettings()
  settings!: Record<string, Setting>;

  @IsOptional() @IsInt() @Min(1)
  standardOrder?: number | null;

  @IsOptional() @IsInt() @Min(1)
  block?: number | null;

  @IsOptional() @CleanText() @Length(1, 32)
  pointType?: string | null;

  @IfGiven() @IsIn(RUN_STATUSES)
  status?: RunStatus;

  /** Why; needed where a run failed, was abandoned or is suspect. */
  @IsOptional() @CleanText() @Length(0, 500)
  note?: string | null;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class CreateRunsDto {
  /** Made in this order. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_AT_ONCE) @ValidateNested({ each: true }) @Type(() => CreateRunDto)
  items!: CreateRunDto[];
}

export class UpdateRunDto {
  static readonly readOnly = [...READ_ONLY, 'standardOrder', 'pointType'];

  @IfGiven() @IsSettings()
  settings?: Record<string, Setting>;

  /** What was really set, where it came out otherwise than planned; null takes it back. */
  @IsOptional() @IsSettings()
  actual?: Record<string, Setting> | null;

  @IsOptional() @IsInt() @Min(1)
  block?: number | null;

  @IfGiven() @IsIn(RUN_STATUSES)
  status?: RunStatus;

  /** Why; needed where a run failed, was abandoned or is suspect. */
  @IsOptional() @CleanText() @Length(0, 500)
  note?: string | null;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class RunDto {
  id!: string;
  /** In which order runs are made, from 1 on. */
  number!: number;
  /** Its number in the design before the order was drawn. */
  standardOrder!: number | null;
  block!: number | null;
  pointType!: string | null;
  designId!: string | null;
  status!: RunStatus;
  note!: string | null;
  /** As planned, by the parameter's name. */
  settings!: Record<string, Setting>;
  /** What was really set, where it came out otherwise. */
  actual!: Record<string, Setting>;
  metadata!: Record<string, unknown>;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ run, planned, actual, parameters }: ShownRun): RunDto {
    const { id, number, standardOrder, block, pointType, designId, status, note, metadata, createdAt, updatedAt, version } = run;
    const settings = settingsByName(parameters, planned);
    return { id, number, standardOrder, block, pointType, designId, status, note, settings, actual: settingsByName(parameters, actual), metadata, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class RunsDto {
  data!: RunDto[];
}
