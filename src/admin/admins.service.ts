import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { MissingPermission } from '../access/access.guard.js';
import type { Actor } from '../access/actor.js';
import { adminPermissions, Permission, PrincipalKind } from '../access/permission.js';
import { AuditService, SYSTEM } from '../audit/audit.service.js';
import { oneTimePassword } from '../auth/credentials/one-time-password.js';
import { PasswordsService } from '../auth/credentials/passwords.service.js';
import { SessionsService } from '../auth/sessions/sessions.service.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { isDuplicate } from '../platform/database/failures.js';
import { insertRow } from '../platform/database/insert-row.js';
import { rowLock } from '../platform/database/row-lock.js';
import { comparable } from '../platform/http/text.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { newId } from '../platform/ids/ids.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Principal } from '../users/principal.entity.js';
import { USERNAME } from '../users/username.js';
import { ADMINS_LIST } from './accounts/admins.list.js';
import { Admin, AdminStatus } from './admin.entity.js';
import { AdminExists, LastManager, NotYoursToGive, WrongAdminName } from './admins.problems.js';

export interface NewAdmin {
  admin: Admin;
  /** To be changed at the first sign-in. */
  password: string;
}

export interface AdminTerms {
  username: string;
  /** Null is everything. */
  permissions: string[] | null;
}

export type AdminChange = Partial<AdminTerms> & { status?: AdminStatus };

type Held = Pick<Admin, 'id' | 'permissions'>;

@Injectable()
export class AdminsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly idempotency: Idempotency,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly lists: Lists,
  ) {}

  findByLogin(login: string): Promise<Admin | null> {
    return this.db.findOneBy(Admin, { usernameKey: comparable(login.trim()) });
  }

  find(id: string): Promise<Admin | null> {
    return this.db.findOneBy(Admin, { id });
  }

  async get(id: string): Promise<Admin> {
    const admin = await this.find(id);
    if (!admin) throw new NotFound('admin');
    return admin;
  }

  list(wanted: Wanted): Promise<ListPage<Admin>> {
    return this.lists.page(ADMINS_LIST, wanted);
  }

  isEmpty(): Promise<boolean> {
    return this.db.exists(Admin).then((exists) => !exists);
  }

  /** Makes an admin who may everything and must change the password at the first sign-in; without one given it is random. */
  create(username: string, given?: string): Promise<NewAdmin> {
    return this.make(SYSTEM, { username, permissions: null }, (admin, password) => ({ admin, password }), undefined, given);
  }

  /** The password is told here alone, and must be changed at the first sign-in. */
  async make<T extends object>(who: Actor | typeof SYSTEM, { username, permissions }: AdminTerms, answer: (admin: Admin, password: string) => T, repeat?: IdempotentRequest, password = oneTimePassword()): Promise<T> {
    if (!USERNAME.test(username)) throw new WrongAdminName();
    const hash = await this.passwords.prepare(password, { kind: PrincipalKind.Admin, username, email: null });
    const now = this.clock.now();
    const admin = Object.assign(new Admin(), { id: newId(), permissions, createdAt: now, updatedAt: now, version: 1 });
    admin.rename(username);
    return this.idempotency.inTransaction(repeat, async (tx) => {
      if ('permissions' in who) demandHeld(authorAmong(await this.lock(tx), who), [], permissions);
      await insertRow(tx, Principal, { id: admin.id, kind: PrincipalKind.Admin, createdAt: now });
      await named(username, () => insertRow(tx, Admin, admin));
      await this.passwords.set(tx, admin.id, hash, true);
      await this.audit.record(tx, who, 'admins.create', admin.id, { after: termsOf(admin) });
      return answer(admin, password);
    });
  }

  /** Other permissions count from the next request on; whoever is disabled is signed out at once. */
  update(actor: Actor, id: string, change: AdminChange, ifVersion?: number): Promise<Admin> {
    return this.db.transaction(async (tx) => {
      const admins = await this.lock(tx);
      const author = { ...authorAmong(admins, actor) };
      const admin = among(admins, id, ifVersion);
      const before = termsOf(admin);
      if (change.permissions !== undefined) demandHeld(author, admin.permissions, change.permissions);
      apply(admin, change);
      admin.updatedAt = this.clock.now();
      demandManager(admins);
      await named(admin.username, () => tx.save(admin));
      if (admin.status === AdminStatus.Disabled) await this.sessions.endAll(tx, id, 'disabled');
      await this.changes.announce(tx, 'principal-changed', id);
      await this.audit.record(tx, actor, 'admins.update', id, { before, after: termsOf(admin) });
      return admin;
    });
  }

  /** For good; what the admin did stays in the audit. */
  remove(actor: Actor, id: string, ifVersion?: number): Promise<Admin> {
    return this.db.transaction(async (tx) => {
      const admins = await this.lock(tx);
      authorAmong(admins, actor);
      const admin = among(admins, id, ifVersion);
      demandManager(admins.filter((other) => other !== admin));
      await this.sessions.endAll(tx, id, 'removed');
      await this.changes.announce(tx, 'principal-changed', id);
      await tx.delete(Principal, { id });
      await this.audit.record(tx, actor, 'admins.delete', id, { before: termsOf(admin) });
      return admin;
    });
  }

  /** Every admin, held until the end and always in the same order: two who demote each other at once see each other. */
  private lock(tx: EntityManager): Promise<Admin[]> {
    return tx.find(Admin, { order: { id: 'ASC' }, lock: rowLock(tx) });
  }
}

/** The author's own row as it is now: what the guard read may have been taken since. */
function authorAmong(admins: readonly Admin[], actor: Actor): Held {
  const author = admins.find(({ id }) => id === actor.id);
  if (!author?.manages) throw new MissingPermission(Permission.AdminsWrite, actor);
  return author;
}

/** Nobody gives what they do not hold, to others or to themselves; and everything for all time only those give who hold it. */
function demandHeld(author: Held, before: string[] | null, after: string[] | null): void {
  const [mine, held] = [adminPermissions(author.permissions), adminPermissions(before)];
  const gifts = [...adminPermissions(after)].filter((each) => !held.has(each) && !mine.has(each));
  const isForAllTime = after === null && before !== null && author.permissions !== null;
  if (gifts.length > 0 || isForAllTime) throw new NotYoursToGive(gifts);
}

function demandManager(admins: readonly Admin[]): void {
  if (!admins.some(({ manages }) => manages)) throw new LastManager();
}

function among(admins: readonly Admin[], id: string, ifVersion: number | undefined): Admin {
  const admin = admins.find((one) => one.id === id);
  if (!admin) throw new NotFound('admin');
  if (ifVersion !== undefined && ifVersion !== admin.version) throw new StaleVersion(admin.version);
  return admin;
}

function apply(admin: Admin, { username, permissions, status }: AdminChange): void {
  if (username !== undefined) admin.rename(username);
  if (permissions !== undefined) admin.permissions = permissions;
  if (status !== undefined) admin.status = status;
}

function termsOf({ username, permissions, status }: Admin): Record<string, unknown> {
  return { username, permissions, status };
}

async function named<T>(username: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isDuplicate(error) ? new AdminExists(username) : error;
  }
}
