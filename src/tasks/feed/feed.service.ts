import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull, MoreThanOrEqual, Not } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { issuerOf } from '../../auth/tokens/issuer.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { sha256 } from '../../platform/crypto/hashes.js';
import { NotFound } from '../../platform/problems/problems.js';
import { BanScope } from '../../users/bans.js';
import { UsersService } from '../../users/users.service.js';
import { tagsOf } from '../tags.js';
import { TaskBoard } from '../task-board.entity.js';
import { Task } from '../task.entity.js';
import { TasksDesk } from '../tasks-desk.js';
import { type CalendarKind, calendarOf } from './calendar.js';
import { TaskFeed } from './task-feed.entity.js';

const SECRET_BYTES = 32;
/** Of each sort: what is open, and what was completed lately. */
const MOST = 1000;
const COMPLETED_DAYS = 30;
const DAY_MS = 86_400_000;

export interface MadeFeed {
  readonly url: string;
  readonly createdAt: Date;
}

/** What the ETag of a calendar rests on, and how to write it. */
export interface Calendar {
  readonly tag: string;
  readonly text: () => Promise<string>;
}

/** The calendar of a user's tasks under a secret address. */
@Injectable()
export class FeedService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly desk: TasksDesk,
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  async get({ id: ownerId }: Actor): Promise<TaskFeed> {
    const feed = await this.db.findOneBy(TaskFeed, { ownerId });
    if (!feed) throw new NotFound('task-feed');
    return feed;
  }

  /** The address is told this once. One that there was before leads nowhere any more. */
  async make(actor: Actor): Promise<MadeFeed> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const createdAt = this.clock.now();
    await this.desk.change(actor, async (tx) => {
      const { affected } = await tx.delete(TaskFeed, { ownerId: actor.id });
      await tx.insert(TaskFeed, { ownerId: actor.id, secretHash: hashOf(secret), createdAt });
      await this.audit.record(tx, actor, affected === 1 ? 'tasks.rotate-feed' : 'tasks.make-feed', actor.id);
      return {};
    });
    return { url: `${issuerOf(this.settings)}/api/v1/tasks/calendar.ics?secret=${secret}`, createdAt };
  }

  async revoke(actor: Actor): Promise<TaskFeed> {
    return this.desk.change(actor, async (tx) => {
      const feed = await tx.findOneBy(TaskFeed, { ownerId: actor.id });
      if (!feed) throw new NotFound('task-feed');
      await tx.delete(TaskFeed, { ownerId: actor.id });
      await this.audit.record(tx, actor, 'tasks.revoke-feed', actor.id);
      return feed;
    });
  }

  /** For whoever knows the secret, as long as its owner may sign in. */
  async calendar(secret: string, kind: CalendarKind): Promise<Calendar> {
    const feed = await this.db.findOneBy(TaskFeed, { secretHash: hashOf(secret) });
    const owner = feed && (await this.users.find(feed.ownerId));
    if (!feed || !owner || owner.bans.some(({ scope }) => scope === BanScope.SignIn)) throw new NotFound('calendar');
    const board = await this.db.findOneBy(TaskBoard, { ownerId: feed.ownerId });
    // By the day too: what was completed long ago goes without a change.
    const tag = `"${kind}-${board?.revision ?? 0}-${this.clock.now().toISOString().slice(0, 10)}"`;
    return { tag, text: () => this.written(feed.ownerId, kind) };
  }

  private async written(ownerId: string, kind: CalendarKind): Promise<string> {
    const since = new Date(this.clock.millis() - COMPLETED_DAYS * DAY_MS);
    const open = await this.db.find(Task, { where: { ownerId, trashedAt: IsNull(), status: Not('completed') }, order: { lateAt: 'ASC', id: 'ASC' }, take: MOST });
    const done = await this.db.find(Task, { where: { ownerId, trashedAt: IsNull(), status: 'completed', completedAt: MoreThanOrEqual(since) }, order: { completedAt: 'DESC', id: 'ASC' }, take: MOST });
    const tasks = [...open, ...done];
    const tags = await tagsOf(this.db, tasks.map(({ id }) => id));
    return calendarOf(tasks.map((task) => ({ task, tags: tags.get(task.id)! })), kind);
  }
}

function hashOf(secret: string): string {
  return sha256(secret).toString('hex');
}
