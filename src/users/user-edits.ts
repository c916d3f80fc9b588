import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { rowLock } from '../platform/database/row-lock.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Events } from '../webhooks/events.js';
import { demandUnreserved, namingConflicts } from './naming.js';
import { userUpdated } from './user-events.js';
import { snapshotOf, type UserSnapshot } from './user-snapshot.js';
import { User } from './user.entity.js';

/** What of a user others may change. What is absent stays as it is. */
export interface UserEdit {
  readonly email?: string;
  readonly username?: string;
  readonly name?: string | null;
  readonly timeZone?: string;
  readonly emailVerified?: boolean;
}

export interface Edited {
  readonly user: UserSnapshot;
  /** The fields that changed, as they were and as they are; empty when nothing did. */
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
  /** The address that the user had, where it is another now. */
  readonly movedFrom: string | null;
}

/** Changes a user on somebody else's behalf. Who did it, and who is told, is the business of those who call this. */
@Injectable()
export class UserEdits {
  constructor(
    private readonly clock: Clock,
    private readonly events: Events,
  ) {}

  async edit(tx: EntityManager, id: string, edit: UserEdit, ifVersion?: number): Promise<Edited> {
    const user = await tx.findOne(User, { where: { id }, lock: rowLock(tx) });
    if (!user) throw new NotFound('user');
    if (ifVersion !== undefined && ifVersion !== user.version) throw new StaleVersion(user.version);
    const old = { ...user };
    const now = this.clock.now();
    apply(edit, user, now);
    const before = changed(old, user);
    if (Object.keys(before).length > 0) await this.write(tx, user, old, Object.keys(before));
    return { user: snapshotOf(user, now.getTime()), before, after: changed(user, old), movedFrom: user.emailKey === old.emailKey ? null : old.email };
  }

  private async write(tx: EntityManager, user: User, old: Pick<User, 'emailKey' | 'usernameKey'>, fields: string[]): Promise<void> {
    user.updatedAt = this.clock.now();
    await namingConflicts(() => tx.save(user));
    if (user.emailKey !== old.emailKey || user.usernameKey !== old.usernameKey) await demandUnreserved(tx, user);
    await this.events.emit(tx, userUpdated(user, fields));
  }
}

/** Nobody has confirmed a new address yet, whatever the edit says: panels send the `emailVerified` of the old one along. */
function apply({ email, username, name, timeZone, emailVerified }: UserEdit, user: User, now: Date): void {
  const { emailKey } = user;
  if (email !== undefined) user.moveTo(email);
  if (username !== undefined) user.rename(username);
  if (name !== undefined) user.name = name;
  if (timeZone !== undefined) user.timeZone = timeZone;
  if (user.emailKey !== emailKey) user.emailVerifiedAt = null;
  else if (emailVerified !== undefined) user.emailVerifiedAt = emailVerified ? (user.emailVerifiedAt ?? now) : null;
}

type Editable = Pick<User, 'email' | 'username' | 'name' | 'timeZone' | 'emailVerifiedAt'>;

/** Of the first, what the second has otherwise. */
function changed(one: Editable, other: Editable): Record<string, unknown> {
  const others = shown(other);
  return Object.fromEntries(Object.entries(shown(one)).filter(([field, value]) => value !== others[field]));
}

function shown({ email, username, name, timeZone, emailVerifiedAt }: Editable): Record<string, unknown> {
  return { email, username, name, timeZone, emailVerified: emailVerifiedAt !== null };
}
