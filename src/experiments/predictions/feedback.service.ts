import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { transformed } from '../analysis/transform.js';
import { Clock } from '../../platform/clock/clock.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { TooMany } from '../experiments.problems.js';
import type { Model } from '../models/model.entity.js';
import { modelOf } from '../models/models.service.js';
import type { SettingsById } from '../named-settings.js';
import { Result } from '../results/result.entity.js';
import { runOf } from '../runs/runs.service.js';
import { withSettings } from '../runs/run-settings.js';
import { calibrationOf, type ModelCalibration } from './calibration.js';
import { Feedback } from './feedback.entity.js';
import { FeedbackGiven, FeedbackRefused } from './feedback.errors.js';
import { valuesNow } from './measured.js';
import { Prediction } from './prediction.entity.js';
import { predictionOf, shownPredictions } from './predictions.service.js';

const MOST = 1000;

export interface FeedbackTerms {
  /** Id of a result. */
  readonly result?: string;
  readonly value?: number;
  readonly rating?: number;
  readonly comment?: string | null;
}

export interface ShownFeedback {
  readonly feedback: Feedback;
  readonly prediction: Prediction;
  /** As it stands now. */
  readonly measured: number | null;
}

@Injectable()
export class FeedbackService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly idempotency: Idempotency,
  ) {}

  async list(actor: Actor, experimentId: string, predictionId: string): Promise<ShownFeedback[]> {
    await this.desk.view(actor, experimentId);
    const prediction = await predictionOf(this.db, experimentId, predictionId);
    const model = await modelOf(this.db, experimentId, prediction.modelId);
    return shown(this.db, model, [prediction]);
  }

  async create<T extends object>(actor: Actor, experimentId: string, predictionId: string, terms: FeedbackTerms, answer: (shown: ShownFeedback) => T, repeat?: IdempotentRequest): Promise<T> {
    try {
      return await this.idempotency.inTransaction(repeat, async (tx) => {
        await this.desk.edit(actor, experimentId, tx);
        const prediction = await predictionOf(tx, experimentId, predictionId);
        const model = await modelOf(tx, experimentId, prediction.modelId);
        if ((await tx.countBy(Feedback, { experimentId, predictionId })) >= MOST) throw new TooMany('rows of feedback on a prediction', MOST);
        const measured = await this.judged(tx, model, prediction, terms);
        const now = this.clock.now();
        const { result, value, rating, comment } = terms;
        const feedback = Object.assign(new Feedback(), { experimentId, predictionId, resultId: result ?? null, value: value ?? null, rating: rating ?? null, comment: comment ?? null, createdBy: actor.id, createdAt: now, updatedAt: now });
        await insertRow(tx, Feedback, feedback);
        return answer({ feedback, prediction, measured });
      });
    } catch (error) {
      throw isDuplicate(error, 'experiment_feedback') ? new FeedbackGiven() : error;
    }
  }

  /** How good the predictions of a model have been so far. */
  async calibration(actor: Actor, experimentId: string, modelId: string, level?: number): Promise<ModelCalibration> {
    await this.desk.view(actor, experimentId);
    const model = await modelOf(this.db, experimentId, modelId);
    const predictions = await this.db.findBy(Prediction, { experimentId, modelId });
    return calibrationOf(model, await shown(this.db, model, predictions), level ?? model.spec.level);
  }

  private async judged(tx: EntityManager, model: Model, prediction: Prediction, { result: resultId, value, rating, comment }: FeedbackTerms): Promise<number | null> {
    if (resultId !== undefined && value !== undefined) throw new FeedbackRefused('twice', 'value', 'Name the result or give the value, not both.');
    if (resultId === undefined && value === undefined && rating === undefined && !comment) throw new FeedbackRefused('empty', 'value', 'Say what was measured, by result or value, or what you think of it, by rating or comment.');
    if (resultId !== undefined) await demandSamePoint(tx, model, prediction, resultId);
    const measured = resultId === undefined ? value ?? null : (await valuesNow(tx, model.experimentId, model.responseId))(resultId);
    // What the model's scale has no value for could never be compared with it.
    if (measured !== null) transformed([measured], model.spec.transform, () => 'this feedback');
    return measured;
  }
}

/** Oldest first. */
async function shown(db: EntityManager, model: Model, predictions: readonly Prediction[]): Promise<ShownFeedback[]> {
  const { experimentId, responseId } = model;
  const byId = new Map(predictions.map((prediction) => [prediction.id, prediction]));
  const one = predictions.length === 1 ? { predictionId: In([...byId.keys()]) } : {};
  const feedback = (await db.find(Feedback, { where: { experimentId, ...one }, order: { id: 'ASC' } })).filter(({ predictionId }) => byId.has(predictionId));
  if (feedback.length === 0) return [];
  const now = await valuesNow(db, experimentId, responseId);
  return feedback.map((row) => ({ feedback: row, prediction: byId.get(row.predictionId)!, measured: row.resultId === null ? row.value : now(row.resultId) }));
}

/** A result at other settings says nothing of a prediction. Of a run, planned settings may agree or those that came out. */
async function demandSamePoint(tx: EntityManager, { experimentId, responseId }: Model, prediction: Prediction, resultId: string): Promise<void> {
  const result = await tx.findOneBy(Result, { experimentId, id: resultId });
  if (!result) throw new FeedbackRefused('result', 'result', 'There is no such result in this experiment.');
  if (result.responseId !== responseId) throw new FeedbackRefused('response', 'result', 'This result is of another response than the one that was predicted.');
  const { settings: predicted } = (await shownPredictions(tx, experimentId, [prediction]))[0]!;
  if (!(await settingsOf(tx, result)).some((settings) => agree(predicted, settings))) throw new FeedbackRefused('settings', 'result', 'This result was measured at other settings than the prediction is for; predict there, or name the result of another run.');
}

async function settingsOf(tx: EntityManager, { experimentId, runId, settings }: Result): Promise<SettingsById[]> {
  if (runId === null) return [settings ?? {}];
  const { planned, actual } = (await withSettings(tx, [await runOf(tx, experimentId, runId)]))[0]!;
  return [planned, { ...planned, ...actual }];
}

function agree(predicted: SettingsById, measured: SettingsById): boolean {
  return Object.entries(predicted).every(([id, value]) => {
    const other = measured[id];
    if (typeof value !== 'number' || typeof other !== 'number') return value === other;
    return Math.abs(value - other) <= 1e-9 * Math.max(Math.abs(value), Math.abs(other));
  });
}
