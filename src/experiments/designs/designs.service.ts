import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { NotFound } from '../../platform/problems/problems.js';
import { type DesignKind, type Plan, planOf, type PlanOptions } from '../design/plan.js';
import { finished } from '../design/search-progress.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { NoParameters } from '../experiments.problems.js';
import { factorOf, type Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { addRuns, type NewRun } from '../runs/runs.service.js';
import { DESIGN } from '../versions/kinds.js';
import { Design } from './design.entity.js';

const SEEDS = 2 ** 32;

export interface DesignRequest {
  readonly kind: DesignKind;
  readonly options: PlanOptions;
  /** Drawn where none is given; either way the design tells it. */
  readonly seed?: number | undefined;
}

@Injectable()
export class DesignsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
  ) {}

  async list(actor: Actor, experimentId: string): Promise<Design[]> {
    await this.desk.view(actor, experimentId);
    return this.db.find(Design, { where: { experimentId }, order: { id: 'ASC' } });
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<Design> {
    await this.desk.view(actor, experimentId);
    const design = await this.db.findOneBy(Design, { experimentId, id });
    if (!design) throw new NotFound('design');
    return design;
  }

  /** Makes a design and its runs, behind those that are there. */
  create<T extends object>(actor: Actor, experimentId: string, request: DesignRequest, answer: (design: Design) => T, repeat?: IdempotentRequest): Promise<T> {
    const seed = request.seed ?? randomInt(SEEDS);
    return this.desk.change(actor, experimentId, { action: 'designs.create', repeat }, async (set) => {
      const parameters = await parametersOf(set.tx, experimentId);
      if (parameters.length === 0) throw new NoParameters();
      const factors = parameters.map((parameter) => factorOf(parameter));
      const { runs, ...structure } = finished(planOf(factors, request.kind, request.options, seed));
      const { kind, options } = request;
      const design = Object.assign(new Design(), { kind, options, seed, factors, runs: runs.length, structure, createdBy: actor.id });
      await set.insert(DESIGN, design);
      await addRuns(set, runs.map((run) => newRun(run, design.id, parameters)));
      return answer(design);
    });
  }
}

function newRun({ settings, block, point, standardOrder }: Plan['runs'][number], designId: string, parameters: readonly Parameter[]): NewRun {
  return { designId, block, pointType: point, standardOrder, settings: Object.fromEntries(parameters.map(({ id }, index) => [id, settings[index]!])) };
}
