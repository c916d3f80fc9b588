import { IsNumber, IsOptional, IsPositive, IsString, Length, Matches, Max } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { SmallJson } from '../../platform/http/small-json.js';
import { CleanText } from '../../platform/http/text.js';
import type { Setting } from '../factors.js';
import { settingsByName } from '../named-settings.js';
import { IsSettings } from '../runs/runs.dto.js';
import type { ShownEntry } from './literature.service.js';

const READ_ONLY = ['id', 'responseId', 'createdAt', 'updatedAt', 'version'];

export class CreateLiteratureEntryDto {
  static readonly readOnly = READ_ONLY;

  /** Where it was published. @example 'Montgomery 2017, example 11.2' */
  @CleanText() @Length(1, 500)
  source!: string;

  /** @example '10.1000/182' */
  @IsOptional() @Matches(/^10\.\d{4,9}\/\S{1,200}$/)
  doi?: string | null;

  /** The value of every parameter by its name. */
  @IsSettings()
  settings!: Record<string, Setting>;

  /** The response's name or id. @example 'Yield' */
  @IsString() @Length(1, 64)
  response!: string;

  /** In the response's unit. */
  @IsNumber()
  value!: number;

  /** Beside a run of one's own, which weighs 1. */
  @IfGiven() @IsNumber() @IsPositive() @Max(1)
  weight?: number;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class UpdateLiteratureEntryDto {
  static readonly readOnly = READ_ONLY;

  @IfGiven() @CleanText() @Length(1, 500)
  source?: string;

  /** @example '10.1000/182' */
  @IsOptional() @Matches(/^10\.\d{4,9}\/\S{1,200}$/)
  doi?: string | null;

  @IfGiven() @IsSettings()
  settings?: Record<string, Setting>;

  @IfGiven() @IsString() @Length(1, 64)
  response?: string;

  @IfGiven() @IsNumber()
  value?: number;

  @IfGiven() @IsNumber() @IsPositive() @Max(1)
  weight?: number;

  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class LiteratureEntryDto {
  id!: string;
  source!: string;
  doi!: string | null;
  settings!: Record<string, Setting>;
  responseId!: string;
  /** The response's name. */
  response!: string;
  value!: number;
  weight!: number;
  metadata!: Record<string, unknown>;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ entry, response, parameters }: ShownEntry): LiteratureEntryDto {
    const { id, source, doi, settings, responseId, value, weight, metadata, createdAt, updatedAt, version } = entry;
    return { id, source, doi, settings: settingsByName(parameters, settings), responseId, response: response.name, value, weight, metadata, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class LiteratureDto {
  data!: LiteratureEntryDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}
