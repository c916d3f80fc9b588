import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Compute } from '../computing/compute.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { TooMany } from '../experiments.problems.js';
import { unpacked } from '../models/packed.js';
import { modelOf } from '../models/models.service.js';
import type { SettingsById } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { parametersOfModel, placed, type PlacedPoint, type Point } from './points.js';
import type { PredictionFigures } from './predict-points.js';
import { Prediction, PredictionSetting } from './prediction.entity.js';
import { PREDICTIONS_LIST } from './predictions.list.js';

const MOST = 100_000;
const AT_ONCE = 500;

/** A prediction as people see it. */
export interface ShownPrediction {
  readonly prediction: Prediction;
  readonly settings: SettingsById;
  readonly parameters: readonly Parameter[];
}

@Injectable()
export class PredictionsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly idempotency: Idempotency,
    private readonly compute: Compute,
    private readonly lists: Lists,
  ) {}

  async list(actor: Actor, experimentId: string, modelId: string, wanted: Wanted): Promise<ListPage<ShownPrediction>> {
    await this.desk.view(actor, experimentId);
    await modelOf(this.db, experimentId, modelId);
    const page = await this.lists.page(PREDICTIONS_LIST, wanted, { sql: 'experiment_id = ? AND model_id = ?', values: [experimentId, modelId] });
    return { ...page, data: await shownPredictions(this.db, experimentId, page.data) };
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<ShownPrediction> {
    await this.desk.view(actor, experimentId);
    return (await shownPredictions(this.db, experimentId, [await predictionOf(this.db, experimentId, id)]))[0]!;
  }

  async create<T extends object>(actor: Actor, experimentId: string, modelId: string, points: readonly Point[], level: number | undefined, answer: (predictions: ShownPrediction[]) => T, repeat?: IdempotentRequest): Promise<T> {
    await this.desk.edit(actor, experimentId);
    const model = await modelOf(this.db, experimentId, modelId);
    const contents = unpacked(model);
    const parameters = parametersOfModel(contents, await parametersOf(this.db, experimentId));
    const at = points.map((point) => placed(contents, parameters, point));
    const figures = await this.compute.run('predict', { predictor: contents.figures.predictor, transform: model.spec.transform, level: level ?? model.spec.level, points: at.map(({ row }) => row) });
    return this.idempotency.inTransaction(repeat, async (tx) => {
      await this.desk.edit(actor, experimentId, tx);
      await modelOf(tx, experimentId, modelId);
      if ((await tx.countBy(Prediction, { experimentId })) + points.length > MOST) throw new TooMany('predictions', MOST);
      const predictions = points.map((point, index) => this.made(actor, experimentId, modelId, point, at[index]!, figures[index]!));
      await inserted(tx, Prediction, predictions);
      await inserted(tx, PredictionSetting, predictions.flatMap(({ id }, index) => settingRows(experimentId, id, at[index]!.settings)));
      return answer(predictions.map((prediction, index) => ({ prediction, settings: at[index]!.settings, parameters })));
    });
  }

  private made(actor: Actor, experimentId: string, modelId: string, { label }: Point, { block }: PlacedPoint, figures: PredictionFigures): Prediction {
    const now = this.clock.now();
    return Object.assign(new Prediction(), { experimentId, modelId, label: label ?? null, block, figures, createdBy: actor.id, createdAt: now, updatedAt: now });
  }
}

export async function predictionOf(db: EntityManager, experimentId: string, id: string): Promise<Prediction> {
  const prediction = await db.findOneBy(Prediction, { experimentId, id });
  if (!prediction) throw new NotFound('prediction');
  return prediction;
}

export async function shownPredictions(db: EntityManager, experimentId: string, predictions: readonly Prediction[]): Promise<ShownPrediction[]> {
  if (predictions.length === 0) return [];
  const parameters = await parametersOf(db, experimentId);
  const rows = await db.findBy(PredictionSetting, { experimentId, predictionId: In(predictions.map(({ id }) => id)) });
  const settings = new Map<string, Record<string, number | string>>(predictions.map(({ id }) => [id, {}]));
  for (const { predictionId, parameterId, number, level } of rows) settings.get(predictionId)![parameterId] = (number ?? level)!;
  return predictions.map((prediction) => ({ prediction, parameters, settings: settings.get(prediction.id)! }));
}

function settingRows(experimentId: string, predictionId: string, settings: SettingsById): PredictionSetting[] {
  return Object.entries(settings).map(([parameterId, value]) => {
    const own = typeof value === 'number' ? { number: value } : { level: value };
    return Object.assign(new PredictionSetting(), { experimentId, predictionId, parameterId }, own);
  });
}

async function inserted<E extends object>(tx: EntityManager, entity: new () => E, rows: readonly E[]): Promise<void> {
  for (let start = 0; start < rows.length; start += AT_ONCE) await insertRow(tx, entity, rows.slice(start, start + AT_ONCE));
}
