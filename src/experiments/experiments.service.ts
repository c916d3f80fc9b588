import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { insertRow } from '../platform/database/insert-row.js';
import { comparable } from '../platform/http/text.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { StaleVersion } from '../platform/problems/problems.js';
import { Events } from '../webhooks/events.js';
import { Experiment } from './experiment.entity.js';
import { ExperimentRemoval } from './experiment-removal.js';
import { ExperimentsDesk, type Opened } from './experiments-desk.js';
import { EXPERIMENTS_LIST } from './experiments.list.js';
import { ExperimentShare } from './sharing/experiment-share.entity.js';
import { EXPERIMENT } from './versions/kinds.js';
import { Versions } from './versions/versions.js';

export type ExperimentTerms = Pick<Experiment, 'title' | 'objective' | 'type' | 'status' | 'metadata'>;

/** Whoever is deleted shares nothing, until they are restored. */
const SEEN = `experiments.owner_id = ? OR (experiments.id IN (SELECT experiment_id FROM experiment_shares WHERE user_id = ?)
  AND EXISTS (SELECT 1 FROM users WHERE users.id = experiments.owner_id))`;

@Injectable()
export class ExperimentsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly versions: Versions,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
    private readonly audit: AuditService,
    private readonly events: Events,
    private readonly removal: ExperimentRemoval,
  ) {}

  /** Those of the caller, and those shared with them. */
  async list(actor: Actor, wanted: Wanted): Promise<ListPage<Opened>> {
    const scope = { sql: SEEN, values: [actor.id, actor.id] };
    const page = await this.lists.page(EXPERIMENTS_LIST, wanted, scope);
    const shares = await this.db.findBy(ExperimentShare, { userId: actor.id, experimentId: In(page.data.map(({ id }) => id)) });
    const roles = new Map(shares.map(({ experimentId, role }) => [experimentId, role]));
    return { ...page, data: page.data.map((experiment) => ({ experiment, role: roles.get(experiment.id) ?? 'owner' })) };
  }

  get(actor: Actor, id: string): Promise<Opened> {
    return this.desk.view(actor, id);
  }

  create<T extends object>(actor: Actor, terms: Partial<ExperimentTerms>, answer: (opened: Opened) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const now = this.clock.now();
      const experiment = Object.assign(new Experiment(), keyed(terms), { ownerId: actor.id, createdAt: now, updatedAt: now });
      await insertRow(tx, Experiment, experiment);
      await this.versions.begin(tx, experiment, actor.id, 'experiments.create');
      await this.events.emit(tx, { type: 'experiment.created', userId: actor.id, data: { id: experiment.id, ownerId: actor.id } });
      return answer({ experiment, role: 'owner' });
    });
  }

  async update(actor: Actor, id: string, change: Partial<ExperimentTerms>, ifVersion?: number): Promise<Opened> {
    await this.desk.change(actor, id, { action: 'experiments.update', ifVersion }, async (set) => {
      await set.update(EXPERIMENT, set.experiment, keyed(change));
      return {};
    });
    return this.desk.view(actor, id);
  }

  /** With all that is in it, for good. */
  remove(actor: Actor, id: string, ifVersion?: number): Promise<Experiment> {
    return this.db.transaction(async (tx) => {
      const experiment = await this.desk.own(actor, id, tx);
      if (ifVersion !== undefined && ifVersion !== experiment.version) throw new StaleVersion(experiment.version);
      await this.removal.remove(tx, id);
      await this.events.emit(tx, { type: 'experiment.deleted', userId: actor.id, data: { id, ownerId: experiment.ownerId } });
      await this.audit.record(tx, actor, 'experiments.delete', id, { before: { title: experiment.title, version: experiment.version } });
      return experiment;
    });
  }
}

/** With the title as it is sorted and searched. */
export function keyed(terms: Partial<ExperimentTerms>): Partial<Experiment> {
  return terms.title === undefined ? terms : { ...terms, titleKey: comparable(terms.title).slice(0, 400) };
}
