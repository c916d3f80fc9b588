import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsNumber, IsOptional, Length, ValidateBy } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { SmallJson } from '../../platform/http/small-json.js';
import { CleanText } from '../../platform/http/text.js';
import type { FactorKind, Setting } from '../factors.js';
import type { Parameter } from './parameter.entity.js';

const KINDS = ['continuous', 'discrete', 'categorical', 'mixture'] as const;
const READ_ONLY = ['id', 'position', 'createdAt', 'updatedAt', 'version'];

class ParameterTermsDto {
  static readonly readOnly = READ_ONLY;

  /** @example '°C' */
  @IsOptional() @CleanText() @Length(0, 32)
  unit?: string | null;

  /** Coded −1; of a mixture component its least share. @example 60 */
  @IsOptional() @IsNumber()
  low?: number | null;

  /** Coded +1; of a mixture component its largest share. @example 80 */
  @IsOptional() @IsNumber()
  high?: number | null;

  /** Coded 0, where that is not the midpoint. */
  @IsOptional() @IsNumber()
  centre?: number | null;

  /** Numbers in rising order of a discrete parameter, names of a categorical one. None can be taken away once runs use the parameter. */
  @ApiProperty({ type: 'array', items: { oneOf: [{ type: 'number' }, { type: 'string' }] } })
  @IsOptional() @IsLevels()
  levels?: Setting[] | null;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class CreateParameterDto extends ParameterTermsDto {
  /** Terms of models are written with it. @example 'Temperature' */
  @CleanText() @Length(1, 64)
  name!: string;

  @IsIn(KINDS)
  kind!: FactorKind;
}

export class UpdateParameterDto extends ParameterTermsDto {
  @IfGiven() @CleanText() @Length(1, 64)
  name?: string;

  /** Cannot be changed once runs use it. */
  @IfGiven() @IsIn(KINDS)
  kind?: FactorKind;
}

export class ParameterDto {
  id!: string;
  name!: string;
  kind!: FactorKind;
  unit!: string | null;
  low!: number | null;
  high!: number | null;
  centre!: number | null;
  @ApiProperty({ type: 'array', items: { oneOf: [{ type: 'number' }, { type: 'string' }] } })
  levels!: Setting[] | null;
  /** Place among the parameters. */
  position!: number;
  metadata!: Record<string, unknown>;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, name, kind, unit, low, high, centre, levels, position, metadata, createdAt, updatedAt, version }: Parameter): ParameterDto {
    return { id, name, kind, unit, low, high, centre, levels, position, metadata, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

/** All the parameters of an experiment, in their order. */
export class ParametersDto {
  data!: ParameterDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

function IsLevels(): PropertyDecorator {
  const isLevel = (level: unknown): boolean => (typeof level === 'number' && Number.isFinite(level)) || (typeof level === 'string' && level.length > 0 && level.length <= 64);
  return (prototype, property) => {
    IsArray()(prototype, property);
    ArrayMaxSize(100)(prototype, property);
    ValidateBy({ name: 'levels', validator: { validate: (levels: unknown) => Array.isArray(levels) && levels.every(isLevel), defaultMessage: () => 'levels must be at most 100 finite numbers or names of 1 to 64 characters' } })(prototype, property);
  };
}
