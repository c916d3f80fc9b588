import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { rowLock } from '../platform/database/row-lock.js';
import { type Row, Sql, type SqlConnection } from '../platform/database/sql.js';
import { comparable } from '../platform/http/text.js';
import { EVERYTHING } from '../platform/lists/conditions.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Events } from '../webhooks/events.js';
import type { BanScope, BanTerms } from './bans.js';
import { Census } from './census.js';
import { demandUnreserved, namingConflicts } from './naming.js';
import { insertUsers, type NewUser, newUser, takenNames } from './new-users.js';
import { userUpdated } from './user-events.js';
import type { UserRecord } from './user-record.js';
import { selectSnapshot, snapshotOf, snapshotOfRow, type UserSnapshot } from './user-snapshot.js';
import { User } from './user.entity.js';
import type { PreferencesDto, UpdatePreferencesDto, UpdateProfileDto } from './users.dto.js';
import { USERS_LIST } from './users.list.js';

@Injectable()
export class UsersService {
  private readonly byId: MergedLookup<UserSnapshot>;
  private readonly byEmail: MergedLookup<UserSnapshot>;
  private readonly byUsername: MergedLookup<UserSnapshot>;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly lists: Lists,
    private readonly census: Census,
    private readonly events: Events,
  ) {
    const read = (row: Row): UserSnapshot => snapshotOfRow(row, clock.millis());
    this.byId = new MergedLookup(sql, selectSnapshot('id'), read);
    this.byEmail = new MergedLookup(sql, selectSnapshot('email_key'), read);
    this.byUsername = new MergedLookup(sql, selectSnapshot('username_key'), read);
  }

  /** The user's row as it is now; look-ups of one event-loop turn share a statement. */
  find(id: string): Promise<UserSnapshot | undefined> {
    return this.byId.find(id);
  }

  async get(id: string): Promise<UserSnapshot> {
    const user = await this.find(id);
    if (!user) throw new NotFound('user');
    return user;
  }

  /** @param listing what callers may ask for, where it is more or less than usual */
  async list(wanted: Wanted, listing = USERS_LIST, scope = EVERYTHING): Promise<ListPage<UserSnapshot>> {
    const page = await this.lists.page(listing, wanted, scope);
    return { ...page, data: page.data.map((user) => snapshotOf(user, this.clock.millis())) };
  }

  /** Everybody of a list, a page at a time, as their rows are. */
  records(wanted: Wanted): AsyncGenerator<UserRecord[]> {
    return this.lists.all(USERS_LIST, wanted);
  }

  /** By username or e-mail address, as typed. */
  findByLogin(login: string): Promise<UserSnapshot | undefined> {
    const key = comparable(login.trim());
    return key.includes('@') ? this.byEmail.find(key) : this.byUsername.find(key);
  }

  async create(tx: EntityManager, request: NewUser): Promise<User> {
    const [user] = await this.createAll(tx, [request]);
    return user!;
  }

  /** Makes all of them, in their order, or none when a name is taken; `takenNames` tells beforehand which. */
  async createAll(tx: EntityManager, requests: readonly NewUser[]): Promise<User[]> {
    const now = this.clock.now();
    const users = requests.map((request) => newUser(now, request));
    await insertUsers(tx, users);
    await this.census.note(new EntityTransaction(tx), { what: 'signUps', at: users.map(({ createdAt }) => createdAt) });
    await this.events.emit(tx, ...users.map(({ id, username }) => ({ type: 'user.created' as const, userId: id, data: { id, username } })));
    return users;
  }

  /** Places in the list of those whose username or e-mail address is somebody's, also a deleted user's. */
  takenNames(names: readonly Pick<NewUser, 'email' | 'username'>[], connection: SqlConnection = this.sql): Promise<Map<number, 'username' | 'email'>> {
    return takenNames(connection, names);
  }

  async updateProfile(actor: Actor, change: UpdateProfileDto, ifVersion?: number): Promise<UserSnapshot> {
    return this.change(actor, 'users.update-profile', ifVersion, (user) => {
      if (change.name !== undefined) user.name = change.name;
      if (change.username !== undefined) user.rename(change.username);
    });
  }

  async preferences(id: string): Promise<PreferencesDto> {
    const user = await this.db.findOneBy(User, { id });
    if (!user) throw new NotFound('user');
    return { timeZone: user.timeZone, ...user.preferences };
  }

  async updatePreferences(actor: Actor, { timeZone, ...rest }: UpdatePreferencesDto): Promise<PreferencesDto> {
    await this.change(actor, 'users.update-preferences', undefined, (user) => {
      if (timeZone !== undefined) user.timeZone = timeZone;
      user.preferences = { ...user.preferences, ...rest, notifications: { ...user.preferences.notifications, ...rest.notifications } };
    });
    return this.preferences(actor.id);
  }

  /** Notes that the user reads this address's mail; false when the user's address is another by now. */
  async confirmEmail(tx: EntityManager, id: string, email: string): Promise<boolean> {
    const user = await tx.findOne(User, { where: { id }, lock: rowLock(tx) });
    if (user?.emailKey !== comparable(email)) return false;
    if (user.emailVerifiedAt) return true;
    user.emailVerifiedAt = user.updatedAt = this.clock.now();
    await tx.save(user);
    await this.events.emit(tx, userUpdated(user, ['emailVerified']));
    return true;
  }

  async demand(tx: EntityManager, id: string): Promise<void> {
    if (!(await tx.existsBy(User, { id }))) throw new NotFound('user');
  }

  /** A ban of the same scope in force is replaced. */
  async ban(tx: EntityManager, id: string, terms: BanTerms): Promise<void> {
    await this.changeHeld(tx, id, (user) => user.ban(terms, this.clock.now()));
    await this.events.emit(tx, { type: 'user.banned', userId: id, data: { id, scope: terms.scope, until: terms.until?.toISOString() ?? null } });
  }

  /** @param scope without it all */
  async unban(tx: EntityManager, id: string, scope?: BanScope): Promise<void> {
    await this.changeHeld(tx, id, (user) => user.unban(scope));
    await this.events.emit(tx, { type: 'user.unbanned', userId: id, data: { id, scope: scope ?? 'all' } });
  }

  private async changeHeld(tx: EntityManager, id: string, apply: (user: User) => void): Promise<void> {
    const user = await tx.findOne(User, { where: { id }, lock: rowLock(tx) });
    if (!user) throw new NotFound('user');
    apply(user);
    user.updatedAt = this.clock.now();
    await tx.save(user);
  }

  private change(actor: Actor, action: string, ifVersion: number | undefined, apply: (user: User) => void): Promise<UserSnapshot> {
    return this.db.transaction(async (tx) => {
      const user = await tx.findOne(User, { where: { id: actor.id }, lock: rowLock(tx) });
      if (!user) throw new NotFound('user');
      if (ifVersion !== undefined && ifVersion !== user.version) throw new StaleVersion(user.version);
      const before = changeable(user);
      const known = JSON.stringify(user.preferences);
      const { usernameKey } = user;
      apply(user);
      user.updatedAt = this.clock.now();
      await this.audit.record(tx, actor, action, user.id, { before, after: changeable(user) });
      await namingConflicts(() => tx.save(user));
      if (user.usernameKey !== usernameKey) await demandUnreserved(tx, user);
      const fields = [...differing(before, changeable(user)), ...(JSON.stringify(user.preferences) === known ? [] : ['preferences'])];
      if (fields.length > 0) await this.events.emit(tx, userUpdated(user, fields));
      return snapshotOf(user, this.clock.millis());
    });
  }
}

function changeable({ name, username, timeZone }: User): Record<string, unknown> {
  return { name, username, timeZone };
}

function differing(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return Object.keys(after).filter((field) => after[field] !== before[field]);
}
