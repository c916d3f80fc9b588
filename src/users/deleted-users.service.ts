import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull, LessThanOrEqual, MoreThan, type FindOptionsWhere } from 'typeorm';
import type { AuditActor, SYSTEM } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { rowLock } from '../platform/database/row-lock.js';
import { comparable } from '../platform/http/text.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Events } from '../webhooks/events.js';
import { Census } from './census.js';
import { DeletedUser } from './deleted-user.entity.js';
import { User } from './user.entity.js';
import { DELETED_USERS_LIST } from './users.list.js';

const DAY_MS = 86_400_000;

/** A deleted user as other modules know them. */
export type DeletedRecord = Readonly<Pick<DeletedUser, 'id' | 'email' | 'username' | 'name' | 'deletedAt' | 'deletedByKind' | 'deletedById' | 'deleteReason' | 'purgeAfter' | 'erasingAt'>>;

/** Rows of users on their way out, and back. What else a deletion ends is the business of those who call this. */
@Injectable()
export class DeletedUsers {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly lists: Lists,
    private readonly census: Census,
    private readonly events: Events,
  ) {}

  async get(id: string): Promise<DeletedRecord> {
    const user = await this.find(id);
    if (!user) throw new NotFound('deleted-user');
    return user;
  }

  find(id: string): Promise<DeletedRecord | null> {
    return this.db.findOneBy(DeletedUser, { id });
  }

  /** By username or e-mail address, as typed. */
  findByLogin(login: string): Promise<DeletedRecord | null> {
    const key = comparable(login.trim());
    return this.db.findOneBy(DeletedUser, key.includes('@') ? { emailKey: key } : { usernameKey: key });
  }

  list(wanted: Wanted): Promise<ListPage<DeletedRecord>> {
    return this.lists.page(DELETED_USERS_LIST, wanted);
  }

  /** Some of those to be erased now, those begun included; after a given id, in the order of ids. */
  due(after: string, limit: number): Promise<DeletedRecord[]> {
    const where: FindOptionsWhere<DeletedUser> = { id: MoreThan(after), purgeAfter: LessThanOrEqual(this.clock.now()) };
    return this.db.find(DeletedUser, { where, order: { id: 'ASC' }, take: limit });
  }

  /** Moves the whole row to the deleted ones. */
  async moveOut(tx: EntityManager, actor: AuditActor | typeof SYSTEM, id: string, reason: string | undefined, ifVersion?: number): Promise<DeletedRecord> {
    const user = await tx.findOne(User, { where: { id }, lock: rowLock(tx) });
    if (!user) throw new NotFound('user');
    if (ifVersion !== undefined && ifVersion !== user.version) throw new StaleVersion(user.version);
    const now = this.clock.now();
    const columns = columnsOf(tx);
    await new EntityTransaction(tx).execute(
      `INSERT INTO deleted_users (${columns}, deleted_at, deleted_by_kind, deleted_by_id, delete_reason, purge_after) SELECT ${columns}, ?, ?, ?, ?, ? FROM users WHERE id = ?`,
      [now, actor.kind, actor.id, reason ?? null, new Date(now.getTime() + this.settings.deletedUserDays * DAY_MS), id],
    );
    await tx.delete(User, { id });
    await this.census.note(new EntityTransaction(tx), { what: 'deletions', at: [now] });
    const deleted = await tx.findOneByOrFail(DeletedUser, { id });
    await this.events.emit(tx, { type: 'user.deleted', userId: id, data: { id, erasedAfter: deleted.purgeAfter.toISOString() } });
    return deleted;
  }

  /** Moves the row back as it was. Of many at once one does; there is no way back once erasing began. */
  async moveBack(tx: EntityManager, id: string): Promise<DeletedRecord> {
    const user = await tx.findOne(DeletedUser, { where: { id, erasingAt: IsNull() }, lock: rowLock(tx) });
    if (!user) throw new NotFound('deleted-user');
    const columns = columnsOf(tx);
    await new EntityTransaction(tx).execute(`INSERT INTO users (${columns}) SELECT ${columns} FROM deleted_users WHERE id = ?`, [id]);
    await tx.delete(DeletedUser, { id });
    await this.events.emit(tx, { type: 'user.restored', userId: id, data: { id } });
    return user;
  }

  /** From here on there is no way back. Answers false when there is no such deleted user any more. */
  async beginErasing(tx: EntityManager, id: string): Promise<boolean> {
    const now = this.clock.now();
    await tx.update(DeletedUser, { id, erasingAt: IsNull() }, { erasingAt: now, purgeAfter: now });
    return tx.existsBy(DeletedUser, { id });
  }
}

/** Every column of `users`, whichever they are: `deleted_users` has the same. */
function columnsOf(tx: EntityManager): string {
  return tx.dataSource.getMetadata(User).columns.map(({ databaseName }) => databaseName).join(', ');
}
