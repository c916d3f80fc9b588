import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { GoalRefused, InUse, PartNameTaken, TooMany } from '../experiments.problems.js';
import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import { Model } from '../models/model.entity.js';
import { Result } from '../results/result.entity.js';
import type { ChangeSet } from '../versions/change-set.js';
import { RESPONSE } from '../versions/kinds.js';
import { Response } from './response.entity.js';

const MOST = 100;

export type ResponseTerms = Pick<Response, 'name' | 'unit' | 'goal' | 'low' | 'high' | 'target' | 'importance' | 'smallestEffect' | 'metadata'>;

@Injectable()
export class ResponsesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
  ) {}

  async list(actor: Actor, experimentId: string): Promise<Response[]> {
    await this.desk.view(actor, experimentId);
    return responsesOf(this.db, experimentId);
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<Response> {
    await this.desk.view(actor, experimentId);
    return among(await responsesOf(this.db, experimentId), id);
  }

  create<T extends object>(actor: Actor, experimentId: string, terms: Partial<ResponseTerms>, answer: (response: Response) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.desk.change(actor, experimentId, { action: 'responses.create', repeat }, async (set) => answer(await addResponse(set, terms)));
  }

  update(actor: Actor, experimentId: string, id: string, change: Partial<ResponseTerms>, ifVersion?: number): Promise<Response> {
    return this.desk.change(actor, experimentId, { action: 'responses.update' }, async (set) => {
      const all = await responsesOf(set.tx, experimentId);
      const response = among(all, id);
      if (ifVersion !== undefined && ifVersion !== response.version) throw new StaleVersion(response.version);
      const changed = Object.assign(new Response(), response, change);
      demandSound(all.map((other) => (other === response ? changed : other)), changed);
      await set.update(RESPONSE, response, change);
      return response;
    });
  }

  remove(actor: Actor, experimentId: string, id: string, ifVersion?: number): Promise<Response> {
    return this.desk.change(actor, experimentId, { action: 'responses.remove' }, async (set) => {
      const response = among(await responsesOf(set.tx, experimentId), id);
      if (ifVersion !== undefined && ifVersion !== response.version) throw new StaleVersion(response.version);
      await demandUnused(set, response);
      await set.remove(RESPONSE, response);
      return response;
    });
  }
}

/** Adds a response behind the others. */
export async function addResponse(set: ChangeSet, terms: Partial<ResponseTerms>): Promise<Response> {
  const others = await responsesOf(set.tx, set.experiment.id);
  if (others.length >= MOST) throw new TooMany('responses', MOST);
  const response = Object.assign(new Response(), terms, { position: (others.at(-1)?.position ?? 0) + 1 });
  demandSound([...others, response], response);
  await set.insert(RESPONSE, response);
  return response;
}

/** In the order in which they stand in designs and models. */
export function responsesOf(db: EntityManager, experimentId: string): Promise<Response[]> {
  return db.find(Response, { where: { experimentId }, order: { position: 'ASC', id: 'ASC' } });
}

function among(responses: readonly Response[], id: string): Response {
  const response = responses.find((one) => one.id === id);
  if (!response) throw new NotFound('response');
  return response;
}

/** The new or changed one must fit beside the others, and its bounds must bound something. */
function demandSound(all: readonly Response[], response: Response): void {
  if (all.some(({ id, name }) => id !== response.id && name === response.name)) throw new PartNameTaken('response', response.name);
  const { goal, low, high, target } = response;
  if (low !== null && high !== null && low >= high) throw new GoalRefused('high', `low of ${response.name} must lie below its high.`);
  if (goal !== 'target' || target === null) return;
  if ((low !== null && target <= low) || (high !== null && target >= high)) throw new GoalRefused('target', `The target of ${response.name} must lie between its low and its high.`);
}

async function demandUnused({ tx, experiment: { id: experimentId } }: ChangeSet, { id: responseId }: Response): Promise<void> {
  const results = await tx.countBy(Result, { experimentId, responseId });
  const literature = await tx.countBy(LiteratureEntry, { experimentId, responseId });
  const models = await tx.countBy(Model, { experimentId, responseId });
  if (results + literature + models > 0) throw new InUse('response', { results, literature, models });
}
