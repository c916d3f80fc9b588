import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { InUse, PartNameTaken, TooMany } from '../experiments.problems.js';
import { checkFactors } from '../factors.js';
import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import { Model } from '../models/model.entity.js';
import { Result } from '../results/result.entity.js';
import { RunSetting } from '../runs/run.entity.js';
import type { ChangeSet } from '../versions/change-set.js';
import { PARAMETER } from '../versions/kinds.js';
import { factorOf, Parameter } from './parameter.entity.js';

const MOST = 100;

export type ParameterTerms = Pick<Parameter, 'name' | 'kind' | 'unit' | 'low' | 'high' | 'centre' | 'levels' | 'metadata'>;

@Injectable()
export class ParametersService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
  ) {}

  async list(actor: Actor, experimentId: string): Promise<Parameter[]> {
    await this.desk.view(actor, experimentId);
    return parametersOf(this.db, experimentId);
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<Parameter> {
    await this.desk.view(actor, experimentId);
    return among(await parametersOf(this.db, experimentId), id);
  }

  create<T extends object>(actor: Actor, experimentId: string, terms: Partial<ParameterTerms>, answer: (parameter: Parameter) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.desk.change(actor, experimentId, { action: 'parameters.create', repeat }, async (set) => answer(await addParameter(set, terms)));
  }

  update(actor: Actor, experimentId: string, id: string, change: Partial<ParameterTerms>, ifVersion?: number): Promise<Parameter> {
    return this.desk.change(actor, experimentId, { action: 'parameters.update' }, async (set) => {
      const all = await parametersOf(set.tx, experimentId);
      const parameter = among(all, id);
      if (ifVersion !== undefined && ifVersion !== parameter.version) throw new StaleVersion(parameter.version);
      const changed = Object.assign(new Parameter(), parameter, change);
      demandSound(all.map((other) => (other === parameter ? changed : other)), changed);
      if (losesMeaning(parameter, changed)) await demandUnused(set, parameter);
      await set.update(PARAMETER, parameter, change);
      return parameter;
    });
  }

  remove(actor: Actor, experimentId: string, id: string, ifVersion?: number): Promise<Parameter> {
    return this.desk.change(actor, experimentId, { action: 'parameters.remove' }, async (set) => {
      const parameter = among(await parametersOf(set.tx, experimentId), id);
      if (ifVersion !== undefined && ifVersion !== parameter.version) throw new StaleVersion(parameter.version);
      await demandUnused(set, parameter);
      await set.remove(PARAMETER, parameter);
      return parameter;
    });
  }
}

/** Adds a parameter behind the others. */
export async function addParameter(set: ChangeSet, terms: Partial<ParameterTerms>): Promise<Parameter> {
  const others = await parametersOf(set.tx, set.experiment.id);
  if (others.length >= MOST) throw new TooMany('parameters', MOST);
  const parameter = Object.assign(new Parameter(), terms, { position: (others.at(-1)?.position ?? 0) + 1 });
  demandSound([...others, parameter], parameter);
  await set.insert(PARAMETER, parameter);
  return parameter;
}

/** In the order in which they stand in designs and models. */
export function parametersOf(db: EntityManager, experimentId: string): Promise<Parameter[]> {
  return db.find(Parameter, { where: { experimentId }, order: { position: 'ASC', id: 'ASC' } });
}

function among(parameters: readonly Parameter[], id: string): Parameter {
  const parameter = parameters.find((one) => one.id === id);
  if (!parameter) throw new NotFound('parameter');
  return parameter;
}

/** The new or changed one must fit beside the others. */
function demandSound(all: readonly Parameter[], parameter: Parameter): void {
  if (all.some(({ id, name }) => id !== parameter.id && name === parameter.name)) throw new PartNameTaken('parameter', parameter.name);
  checkFactors([factorOf(parameter)]);
}

/** Whether settings that stand in runs would no longer be settings of this parameter. */
function losesMeaning(before: Parameter, after: Parameter): boolean {
  return before.kind !== after.kind || (before.levels ?? []).some((level) => !(after.levels ?? []).includes(level));
}

async function demandUnused({ tx, experiment: { id: experimentId } }: ChangeSet, { id }: Parameter): Promise<void> {
  const runs = await tx.countBy(RunSetting, { experimentId, parameterId: id });
  const names = (rows: readonly { settings: object | null }[]): number => rows.filter(({ settings }) => settings !== null && id in settings).length;
  const literature = names(await tx.find(LiteratureEntry, { select: { id: true, settings: true }, where: { experimentId } }));
  const observations = names(await tx.find(Result, { select: { id: true, settings: true }, where: { experimentId, runId: IsNull() } }));
  const models = (await tx.find(Model, { select: { id: true, parameterIds: true }, where: { experimentId } })).filter(({ parameterIds }) => parameterIds.includes(id)).length;
  if (runs + literature + observations + models > 0) throw new InUse('parameter', { runs, literature, observations, models });
}
