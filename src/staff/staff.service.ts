import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { PrincipalKind, type StaffLevel } from '../access/permission.js';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { oneTimePassword } from '../auth/credentials/one-time-password.js';
import { PasswordsService } from '../auth/credentials/passwords.service.js';
import { LinkMails } from '../auth/mail-links/link-mails.js';
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
import { STAFF_LIST } from './staff.list.js';
import { StaffMember } from './staff-member.entity.js';
import { StaffStatus } from './staff-status.js';
import { StaffNameTaken } from './staff.problems.js';

type Who = AuditActor | typeof SYSTEM;
/** A staff member as other modules know them. */
export type StaffRecord = Readonly<StaffMember>;

export interface NewStaff {
  username: string;
  email: string;
  name?: string | null;
  level: StaffLevel;
}

export type StaffChange = Partial<NewStaff> & { status?: StaffStatus };

/** The accounts of those who help users; admins and the command line look after them. */
@Injectable()
export class StaffService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly idempotency: Idempotency,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly mails: LinkMails,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly lists: Lists,
  ) {}

  findByLogin(login: string): Promise<StaffMember | null> {
    const key = comparable(login.trim());
    return this.db.findOneBy(StaffMember, key.includes('@') ? { emailKey: key } : { usernameKey: key });
  }

  find(id: string): Promise<StaffMember | null> {
    return this.db.findOneBy(StaffMember, { id });
  }

  async get(id: string): Promise<StaffRecord> {
    const member = await this.find(id);
    if (!member) throw new NotFound('staff-member');
    return member;
  }

  list(wanted: Wanted): Promise<ListPage<StaffRecord>> {
    return this.lists.page(STAFF_LIST, wanted);
  }

  /** The password is told here alone, and must be changed at the first sign-in. */
  async create<T extends object>(who: Who, { level, name, ...names }: NewStaff, answer: (member: StaffRecord, password: string) => T, repeat?: IdempotentRequest): Promise<T> {
    const password = oneTimePassword();
    const hash = await this.passwords.prepare(password, { kind: PrincipalKind.Staff, ...names });
    const now = this.clock.now();
    const member = Object.assign(new StaffMember(), { id: newId(), level, name: name ?? null, createdAt: now, updatedAt: now, version: 1 });
    member.moveTo(names.email);
    member.rename(names.username);
    return this.idempotency.inTransaction(repeat, async (tx) => {
      await insertRow(tx, Principal, { id: member.id, kind: PrincipalKind.Staff, createdAt: now });
      await namingConflicts(() => insertRow(tx, StaffMember, member));
      await this.passwords.set(tx, member.id, hash, true);
      await this.mails.sendFirst(tx, member, PrincipalKind.Staff);
      await this.audit.record(tx, who, 'staff.create', member.id, { after: termsOf(member) });
      return answer(member, password);
    });
  }

  /** Another level counts from the next request on; whoever is disabled is signed out at once. */
  update(who: Who, id: string, change: StaffChange, ifVersion?: number): Promise<StaffRecord> {
    return this.db.transaction(async (tx) => {
      const member = await this.lock(tx, id, ifVersion);
      const [before, { emailKey }] = [termsOf(member), member];
      apply(member, change);
      member.updatedAt = this.clock.now();
      await namingConflicts(() => tx.save(member));
      if (member.emailKey !== emailKey) await this.mails.sendFirst(tx, member, PrincipalKind.Staff);
      if (member.status === StaffStatus.Disabled) await this.sessions.endAll(tx, id, 'disabled');
      await this.changes.announce(tx, 'principal-changed', id);
      await this.audit.record(tx, who, 'staff.update', id, { before, after: termsOf(member) });
      return member;
    });
  }

  /** For good; what the member did stays in the audit. */
  remove(who: Who, id: string, ifVersion?: number): Promise<StaffRecord> {
    return this.db.transaction(async (tx) => {
      const member = await this.lock(tx, id, ifVersion);
      await this.sessions.endAll(tx, id, 'removed');
      await this.changes.announce(tx, 'principal-changed', id);
      await tx.delete(Principal, { id });
      await this.audit.record(tx, who, 'staff.delete', id, { before: termsOf(member) });
      return member;
    });
  }

  /** False when the member's address is another by now. */
  async confirmEmail(tx: EntityManager, id: string, email: string): Promise<boolean> {
    const member = await tx.findOne(StaffMember, { where: { id }, lock: rowLock(tx) });
    if (member?.emailKey !== comparable(email)) return false;
    if (member.emailVerifiedAt) return true;
    member.emailVerifiedAt = member.updatedAt = this.clock.now();
    await tx.save(member);
    return true;
  }

  private async lock(tx: EntityManager, id: string, ifVersion: number | undefined): Promise<StaffMember> {
    const member = await tx.findOne(StaffMember, { where: { id }, lock: rowLock(tx) });
    if (!member) throw new NotFound('staff-member');
    if (ifVersion !== undefined && ifVersion !== member.version) throw new StaleVersion(member.version);
    return member;
  }
}

function apply(member: StaffMember, { username, email, name, level, status }: StaffChange): void {
  if (username !== undefined) member.rename(username);
  if (email !== undefined) member.moveTo(email);
  if (name !== undefined) member.name = name;
  if (level !== undefined) member.level = level;
  if (status !== undefined) member.status = status;
}

function termsOf({ username, email, name, level, status }: StaffMember): Record<string, unknown> {
  return { username, email, name, level, status };
}

async function namingConflicts<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // Both engines end their message with the index or column that refu the row.
    throw new StaffNameTaken(/email_key'?$/.test((error as Error).message) ? 'email' : 'username');
  }
}
