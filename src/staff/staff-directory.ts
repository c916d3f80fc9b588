import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Permission, PrincipalKind, STAFF_PERMISSIONS, StaffLevel } from '../access/permission.js';
import { type Account, type AccountDirectory, Accounts, type Rights, type Standing } from '../auth/accounts.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { type Row, Sql } from '../platform/database/sql.js';
import type { StaffMember } from './staff-member.entity.js';
import { StaffStatus } from './staff-status.js';
import { StaffService } from './staff.service.js';

const ACTIVE: string = StaffStatus.Active;

@Injectable()
export class StaffDirectory implements AccountDirectory {
  readonly kind = PrincipalKind.Staff;
  readonly standing: Standing = { table: 'support_staff', condition: "status = 'active'", values: () => [] };
  private readonly rightsById: MergedLookup<Rights | undefined>;

  constructor(
    private readonly staff: StaffService,
    sql: Sql,
    accounts: Accounts,
  ) {
    this.rightsById = new MergedLookup(sql, 'SELECT id, status, level FROM support_staff WHERE id', ([, status, level]: Row) => (status === ACTIVE ? RIGHTS.get(Number(level)) : undefined));
    accounts.register(this);
  }

  async findByLogin(login: string): Promise<Account | undefined> {
    const member = await this.staff.findByLogin(login);
    return member ? accountOf(member) : undefined;
  }

  async find(id: string): Promise<Account | undefined> {
    const member = await this.staff.find(id);
    return member ? accountOf(member) : undefined;
  }

  rights(id: string): Promise<Rights | undefined> {
    return this.rightsById.find(id);
  }

  confirmAddress(tx: EntityManager, id: string, address: string): Promise<boolean> {
    return this.staff.confirmEmail(tx, id, address);
  }
}

/** By level; no other number gives any. */
const RIGHTS = new Map<number, Rights>(
  [StaffLevel.Viewer, StaffLevel.Agent, StaffLevel.Lead].map((level) => [level, { level, permissions: new Set<Permission>(STAFF_PERMISSIONS[level]) }]),
);

function accountOf({ id, username, email, name, status, emailVerifiedAt, createdAt, updatedAt, version }: StaffMember): Account {
  const shared = { id, username, email, name, status, version, kind: PrincipalKind.Staff, timeZone: 'UTC', bannedUntil: null };
  return { ...shared, emailVerified: emailVerifiedAt !== null, createdAt: createdAt.getTime(), updatedAt: updatedAt.getTime() };
}
