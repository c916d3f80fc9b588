import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { referring } from '../../platform/database/referring.js';
import { NotFound } from '../../platform/problems/problems.js';
import { UsersService } from '../../users/users.service.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { NotShareable, TooMany } from '../experiments.problems.js';
import { Events } from '../../webhooks/events.js';
import { ExperimentShare, type ShareRole } from './experiment-share.entity.js';

const MOST = 100;

export interface Shared {
  readonly userId: string;
  readonly username: string;
  readonly role: ShareRole;
  readonly createdAt: Date;
}

/** With whom an experiment is shared. Told to everybody who sees the experiment, changed by its owner alone. */
@Injectable()
export class SharesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly events: Events,
  ) {}

  async list(actor: Actor, experimentId: string): Promise<Shared[]> {
    await this.desk.view(actor, experimentId);
    const shares = await this.db.find(ExperimentShare, { where: { experimentId }, order: { createdAt: 'ASC', userId: 'ASC' } });
    const users = await Promise.all(shares.map(({ userId }) => this.users.find(userId)));
    return shares.flatMap(({ userId, role, createdAt }, index) => (users[index] ? [{ userId, role, createdAt, username: users[index].username }] : []));
  }

  /** By username alone: whether an e-mail address belongs to somebody is nobody's business. */
  async share(actor: Actor, experimentId: string, username: string, role: ShareRole): Promise<Shared> {
    await this.desk.view(actor, experimentId);
    const user = username.includes('@') ? undefined : await this.users.findByLogin(username);
    if (!user) throw new NotFound('user');
    if (user.id === actor.id) throw new NotShareable();
    const createdAt = this.clock.now();
    await this.db.transaction(async (tx) => {
      await this.desk.own(actor, experimentId, tx);
      const known = await tx.findOneBy(ExperimentShare, { experimentId, userId: user.id });
      if (!known && (await tx.countBy(ExperimentShare, { experimentId })) >= MOST) throw new TooMany('shares', MOST);
      const share = Object.assign(known ?? new ExperimentShare(), { experimentId, userId: user.id, role, createdAt: known?.createdAt ?? createdAt });
      await referring(() => tx.save(share), () => new NotFound('user'));
      await this.audit.record(tx, actor, 'experiments.share', experimentId, { before: { userId: user.id, role: known?.role }, after: { userId: user.id, role } });
      await this.events.emit(tx, { type: 'experiment.shared', userId: user.id, data: { id: experimentId, ownerId: actor.id, userId: user.id, role } });
    });
    return { userId: user.id, username: user.username, role, createdAt };
  }

  /** Ends it: by the owner, or by the one it is shared with. */
  async end(actor: Actor, experimentId: string, userId: string): Promise<ExperimentShare> {
    return this.db.transaction(async (tx) => {
      if (userId === actor.id) await this.desk.view(actor, experimentId);
      else await this.desk.own(actor, experimentId, tx);
      const share = await tx.findOneBy(ExperimentShare, { experimentId, userId });
      const { affected } = await tx.delete(ExperimentShare, { experimentId, userId });
      if (!share || affected !== 1) throw new NotFound('share');
      await this.audit.record(tx, actor, 'experiments.end-share', experimentId, { before: { userId, role: share.role } });
      await this.events.emit(tx, { type: 'experiment.share-ended', userId, data: { id: experimentId, userId } });
      return share;
    });
  }
}
