import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Sql } from '../platform/database/sql.js';
import { Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { Computation } from './computations/computation.entity.js';
import { Design } from './designs/design.entity.js';
import { Experiment } from './experiment.entity.js';
import { LiteratureEntry } from './literature/literature-entry.entity.js';
import { Model } from './models/model.entity.js';
import { Parameter } from './parameters/parameter.entity.js';
import { Feedback } from './predictions/feedback.entity.js';
import { Prediction, PredictionSetting } from './predictions/prediction.entity.js';
import { Response } from './responses/response.entity.js';
import { Result } from './results/result.entity.js';
import { Run, RunSetting } from './runs/run.entity.js';
import { ExperimentShare } from './sharing/experiment-share.entity.js';
import { ExperimentVersion } from './versions/experiment-version.entity.js';

/** All that is in an experiment. What points to others goes first: the database refuses to cascade through rows that something inside still points to. */
export const PARTS: readonly (new () => { experimentId: string })[] = [
  ExperimentShare,
  ExperimentVersion,
  Computation,
  Feedback,
  PredictionSetting,
  Prediction,
  Model,
  LiteratureEntry,
  Result,
  RunSetting,
  Run,
  Design,
  Response,
  Parameter,
];

/** Takes experiments away with all that is in them. */
@Injectable()
export class ExperimentRemoval {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    erasure: Erasure,
  ) {
    erasure.register(new OwnedRows(sql, 'experiment_shares', 'user_id'), {
      table: 'experiments',
      count: (ownerId) => db.countBy(Experiment, { ownerId }),
      erase: (ownerId) => this.erase(ownerId),
    });
  }

  private async erase(ownerId: string): Promise<number> {
    const experiments = await this.db.find(Experiment, { select: { id: true }, where: { ownerId } });
    for (const { id } of experiments) await this.db.transaction((tx) => this.remove(tx, id));
    return experiments.length;
  }

  async remove(tx: EntityManager, experimentId: string): Promise<void> {
    await tx.update(Result, { experimentId }, { correctsId: null });
    for (const entity of PARTS) await tx.delete(entity, { experimentId });
    await tx.delete(Experiment, { id: experimentId });
  }
}
