import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Compute } from '../computing/compute.js';
import type { Experiment } from '../experiment.entity.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { ChangedMeanwhile, InUse, TooMany } from '../experiments.problems.js';
import { Parameter } from '../parameters/parameter.entity.js';
import { Feedback } from '../predictions/feedback.entity.js';
import { Prediction } from '../predictions/prediction.entity.js';
import { Response } from '../responses/response.entity.js';
import type { ModelContents, ModelData } from './figures.js';
import type { FitInput } from './fit-model.js';
import { headlineOf } from './headline.js';
import { Model } from './model.entity.js';
import { dataHash, modelData } from './model-data.js';
import { type ModelRequest, responseFor, specOf } from './model-request.js';
import { type ModelSources, modelSources } from './model-sources.js';
import { unpacked } from './packed.js';

const MOST = 500;

/** A model as people see it. */
export interface ShownModel {
  readonly model: Model;
  /** The name that the response has now. */
  readonly response: string;
}

export interface WholeModel extends ShownModel {
  readonly contents: ModelContents;
  /** Whether a fit would be made of the same data now. */
  readonly isCurrent: boolean;
}

interface Prepared extends FitInput {
  readonly experimentVersion: number;
}

@Injectable()
export class ModelsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly idempotency: Idempotency,
    private readonly compute: Compute,
  ) {}

  /** Last first, without figures. */
  async list(actor: Actor, experimentId: string): Promise<ShownModel[]> {
    await this.desk.view(actor, experimentId);
    const select = { id: true, experimentId: true, responseId: true, label: true, spec: true, parameterIds: true, dataHash: true, headline: true, experimentVersion: true, createdBy: true, createdAt: true } as never;
    const models = await this.db.find(Model, { select, where: { experimentId }, order: { id: 'DESC' } });
    const names = new Map((await this.db.findBy(Response, { experimentId })).map(({ id, name }) => [id, name]));
    return models.map((model) => ({ model, response: names.get(model.responseId)! }));
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<WholeModel> {
    const { experiment } = await this.desk.view(actor, experimentId);
    const model = await modelOf(this.db, experimentId, id);
    const { name } = await this.db.findOneByOrFail(Response, { experimentId, id: model.responseId });
    const contents = unpacked(model);
    return { model, response: name, contents, isCurrent: await this.isCurrent(experiment, model, contents) };
  }

  /** Fits outside any transaction: it may take seconds. The model names the version of the data that it was made of. */
  async create<T extends object>(actor: Actor, experimentId: string, request: ModelRequest, answer: (model: WholeModel) => T, repeat?: IdempotentRequest): Promise<T> {
    const prepared = await this.db.transaction((tx) => this.prepare(tx, actor, experimentId, request));
    const { spec, data } = prepared;
    const { figures, packed } = await this.compute.run('fit', { spec, data });
    const contents = { data, figures };
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const experiment = await this.desk.edit(actor, experimentId, tx);
      const model = this.made(prepared, contents, packed, actor, request.label ?? null);
      await demandStillThere(tx, experimentId, model);
      if ((await tx.countBy(Model, { experimentId })) >= MOST) throw new TooMany('models', MOST);
      await insertRow(tx, Model, Object.assign(model, { experimentId }));
      return answer({ model, contents, response: data.response.name, isCurrent: experiment.version === model.experimentVersion });
    });
  }

  remove(actor: Actor, experimentId: string, id: string): Promise<ShownModel> {
    return this.db.transaction(async (tx) => {
      await this.desk.edit(actor, experimentId, tx);
      const model = await modelOf(tx, experimentId, id);
      const { name } = await tx.findOneByOrFail(Response, { experimentId, id: model.responseId });
      await removePredictions(tx, experimentId, id);
      await tx.delete(Model, { experimentId, id });
      return { model, response: name };
    });
  }

  private async prepare(tx: EntityManager, actor: Actor, experimentId: string, request: ModelRequest): Promise<Prepared> {
    const experiment = await this.desk.edit(actor, experimentId, tx);
    const sources = await modelSources(tx, experimentId);
    const response = responseFor(sources.responses, request.response);
    const spec = specOf(request, sources.parameters);
    return { spec, data: modelData(sources, response, spec), experimentVersion: experiment.version };
  }

  private made({ spec, data, experimentVersion }: Prepared, contents: ModelContents, packed: Uint8Array, actor: Actor, label: string | null): Model {
    const now = this.clock.now();
    return Object.assign(new Model(), {
      label, spec, experimentVersion, responseId: data.response.id,
      parameterIds: data.parameterIds.filter((one) => one !== null),
      dataHash: dataHash(data), headline: headlineOf(contents), contents: Buffer.from(packed),
      createdBy: actor.id, createdAt: now, updatedAt: now,
    });
  }

  private async isCurrent(experiment: Experiment, model: Model, { data }: ModelContents): Promise<boolean> {
    if (experiment.version === model.experimentVersion) return true;
    const sources = asNamedThen(await modelSources(this.db, experiment.id), data);
    const response = sources.responses.find(({ id }) => id === model.responseId);
    return response !== undefined && dataHash(modelData(sources, response, model.spec)) === model.dataHash;
  }
}

export async function modelOf(db: EntityManager, experimentId: string, id: string): Promise<Model> {
  const model = await db.findOneBy(Model, { experimentId, id });
  if (!model) throw new NotFound('model');
  return model;
}

/** What was measured for them is evidence, which stays. */
async function removePredictions(tx: EntityManager, experimentId: string, modelId: string): Promise<void> {
  const own = new Set((await tx.find(Prediction, { select: { id: true }, where: { experimentId, modelId } })).map(({ id }) => id));
  const feedback = (await tx.find(Feedback, { select: { id: true, predictionId: true }, where: { experimentId } })).filter(({ predictionId }) => own.has(predictionId)).length;
  if (feedback > 0) throw new InUse('model', { feedback });
  await tx.delete(Prediction, { experimentId, modelId });
}

/** What the model rests on may have been removed while it was fitted. */
async function demandStillThere(tx: EntityManager, experimentId: string, { responseId, parameterIds }: Model): Promise<void> {
  const parameters = await tx.countBy(Parameter, { experimentId, id: In(parameterIds) });
  if (parameters < parameterIds.length || !(await tx.existsBy(Response, { experimentId, id: responseId }))) throw new ChangedMeanwhile('parameters or responses');
}

/** The terms of a model are written with the names that its parameters had; others get names that no term can mean. */
function asNamedThen(sources: ModelSources, { factors, parameterIds }: ModelData): ModelSources {
  const names = new Map(parameterIds.map((id, index) => [id, factors[index]!.name]));
  const parameters = sources.parameters.map((parameter) => Object.assign(new Parameter(), parameter, { name: names.get(parameter.id) ?? parameter.id }));
  return { ...sources, parameters };
}
