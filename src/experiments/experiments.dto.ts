import { IsIn, IsOptional, Length } from 'class-validator';
import { SmallJson } from '../platform/http/small-json.js';
import { IfGiven } from '../platform/http/if-given.js';
import { CleanText } from '../platform/http/text.js';
import { EXPERIMENT_STATUSES, EXPERIMENT_TYPES, type Experiment, type ExperimentStatus, type ExperimentType } from './experiment.entity.js';
import type { Opened } from './experiments-desk.js';

const READ_ONLY = ['id', 'ownerId', 'role', 'createdAt', 'updatedAt', 'version'];

class ExperimentTermsDto {
  static readonly readOnly = READ_ONLY;

  /** What is to be found out. */
  @IsOptional() @CleanText() @Length(0, 4000)
  objective?: string | null;

  @IfGiven() @IsIn(EXPERIMENT_TYPES)
  type?: ExperimentType;

  @IfGiven() @IsIn(EXPERIMENT_STATUSES)
  status?: ExperimentStatus;

  /** Whatever else belongs to it, at most 16 KB of JSON. */
  @IfGiven() @SmallJson()
  metadata?: Record<string, unknown>;
}

export class UpdateExperimentDto extends ExperimentTermsDto {
  /** @example 'Yield of the second step' */
  @IfGiven() @CleanText() @Length(1, 200)
  title?: string;
}

export class CreateExperimentDto extends ExperimentTermsDto {
  /** @example 'Yield of the second step' */
  @CleanText() @Length(1, 200)
  title!: string;
}

export class ExperimentDto {
  id!: string;
  ownerId!: string;
  /** What the caller is to it. */
  role!: 'owner' | 'editor' | 'viewer';
  title!: string;
  objective!: string | null;
  type!: ExperimentType;
  status!: ExperimentStatus;
  metadata!: Record<string, unknown>;
  createdAt!: string;
  updatedAt!: string;
  /** Rises with every change to the experiment or anything in it; also its ETag. */
  version!: number;

  static of({ experiment, role }: Opened): ExperimentDto {
    const { id, ownerId, title, objective, type, status, metadata, createdAt, updatedAt, version } = experiment;
    return { id, ownerId, role, title, objective, type, status, metadata, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class RemovedExperimentDto {
  id!: string;
  title!: string;

  static of({ id, title }: Experiment): RemovedExperimentDto {
    return { id, title };
  }
}
