import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { rowLock } from '../platform/database/row-lock.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Experiment } from './experiment.entity.js';
import { OwnerOnly, ViewOnly } from './experiments.problems.js';
import { ExperimentShare, type ShareRole } from './sharing/experiment-share.entity.js';
import { ChangeSet } from './versions/change-set.js';
import { Versions } from './versions/versions.js';

export type Role = 'owner' | ShareRole;

export interface Opened {
  readonly experiment: Experiment;
  readonly role: Role;
}

interface ChangeOptions {
  /** What it is called in the list of versions: `parameters.create`. */
  readonly action: string;
  /** The experiment's version that the caller last saw. */
  readonly ifVersion?: number | undefined;
  readonly repeat?: IdempotentRequest | undefined;
}

/** The one way into an experiment: nobody sees one that is not theirs or shared with them, and every change makes a version. */
@Injectable()
export class ExperimentsDesk {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly idempotency: Idempotency,
    private readonly versions: Versions,
  ) {}

  async view(actor: Actor, id: string): Promise<Opened> {
    return this.open(this.db, actor, id);
  }

  /** For whoever reads more than one statement can: nothing in the experiment changes until the transaction ends. */
  async hold(actor: Actor, id: string, tx: EntityManager): Promise<Opened> {
    return this.open(tx, actor, id, true);
  }

  /** For what is written beside the versions, such as what is computed from them. Holds the experiment's lock in a transaction. */
  async edit(actor: Actor, id: string, tx?: EntityManager): Promise<Experiment> {
    const { experiment, role } = await this.open(tx ?? this.db, actor, id, tx !== undefined);
    if (role === 'viewer') throw new ViewOnly();
    return experiment;
  }

  /** Holds the experiment's lock. */
  async own(actor: Actor, id: string, tx: EntityManager): Promise<Experiment> {
    const { experiment, role } = await this.open(tx, actor, id, true);
    if (role !== 'owner') throw new OwnerOnly();
    return experiment;
  }

  /** One transaction under the experiment's lock. Work that changes nothing makes no version. */
  change<T extends object>(actor: Actor, id: string, { action, ifVersion, repeat }: ChangeOptions, work: (set: ChangeSet) => Promise<T>): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const { experiment, role } = await this.open(tx, actor, id, true);
      if (role === 'viewer') throw new ViewOnly();
      if (ifVersion !== undefined && ifVersion !== experiment.version) throw new StaleVersion(experiment.version);
      const set = new ChangeSet(tx, experiment, actor.id, this.clock.now());
      const answer = await work(set);
      if (set.changes.length > 0) await this.versions.add(set, action);
      return answer;
    });
  }

  private async open(db: EntityManager, actor: Actor, id: string, lock = false): Promise<Opened> {
    const experiment = await db.findOne(Experiment, { where: { id }, ...(lock && { lock: rowLock(db) }) });
    const role = experiment && (await roleOf(db, experiment, actor.id));
    if (!experiment || !role) throw new NotFound('experiment');
    return { experiment, role };
  }
}

async function roleOf(db: EntityManager, experiment: Experiment, userId: string): Promise<Role | undefined> {
  if (experiment.ownerId === userId) return 'owner';
  return (await liveShare(db, experiment, userId))?.role;
}

/** Whoever is deleted shares nothing, until they are restored. */
function liveShare(db: EntityManager, { id: experimentId, ownerId }: Experiment, userId: string): Promise<ExperimentShare | null> {
  const shares = db.createQueryBuilder(ExperimentShare, 'share').innerJoin('users', 'owner', 'owner.id = :ownerId', { ownerId });
  return shares.where({ experimentId, userId }).getOne();
}
