import type { EntityManager } from 'typeorm';
import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import type { Response } from '../responses/response.entity.js';
import { responsesOf } from '../responses/responses.service.js';
import type { Result } from '../results/result.entity.js';
import { currentResults } from '../results/results.service.js';
import { Run } from '../runs/run.entity.js';
import { type SetRun, withSettings } from '../runs/run-settings.js';

/** All of an experiment that a model can be fitted to; wrong values are replaced by their corrections. */
export interface ModelSources {
  readonly parameters: readonly Parameter[];
  readonly responses: readonly Response[];
  /** By number. */
  readonly runs: readonly SetRun[];
  readonly results: readonly Result[];
  readonly literature: readonly LiteratureEntry[];
}

/** @param db a transaction that holds the experiment, where the rows must belong together */
export async function modelSources(db: EntityManager, experimentId: string): Promise<ModelSources> {
  const runs = await db.find(Run, { where: { experimentId }, order: { number: 'ASC' } });
  return {
    parameters: await parametersOf(db, experimentId),
    responses: await responsesOf(db, experimentId),
    runs: await withSettings(db, runs),
    results: await currentResults(db, experimentId),
    literature: await db.find(LiteratureEntry, { where: { experimentId }, order: { id: 'ASC' } }),
  };
}
