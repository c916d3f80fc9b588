import { Injectable } from '@nestjs/common';
import { adminPermissions, PrincipalKind } from '../access/permission.js';
import { type Account, type AccountDirectory, Accounts, type Rights, type Standing } from '../auth/accounts.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { type Row, Sql } from '../platform/database/sql.js';
import { type Admin, AdminStatus } from './admin.entity.js';
import { AdminsService } from './admins.service.js';

@Injectable()
export class AdminDirectory implements AccountDirectory {
  readonly kind = PrincipalKind.Admin;
  readonly standing: Standing = { table: 'admins', condition: "status = 'active'", values: () => [] };

  private readonly rightsById: MergedLookup<Rights | undefined>;

  constructor(
    private readonly admins: AdminsService,
    sql: Sql,
    accounts: Accounts,
  ) {
    this.rightsById = new MergedLookup(sql, 'SELECT id, status, permissions FROM admins WHERE id', rightsOf);
    accounts.register(this);
  }

  async findByLogin(login: string): Promise<Account | undefined> {
    const admin = await this.admins.findByLogin(login);
    return admin ? accountOf(admin) : undefined;
  }

  async find(id: string): Promise<Account | undefined> {
    const admin = await this.admins.find(id);
    return admin ? accountOf(admin) : undefined;
  }

  rights(id: string): Promise<Rights | undefined> {
    return this.rightsById.find(id);
  }

  /** Admins have no address: nothing is sent to them, and no link of theirs exists. */
  async confirmAddress(): Promise<boolean> {
    return false;
  }
}

const ACTIVE: string = AdminStatus.Active;

function rightsOf([, status, permissions]: Row): Rights | undefined {
  if (status !== ACTIVE) return undefined;
  return { permissions: adminPermissions(permissions === null ? null : (JSON.parse(permissions as string) as string[])) };
}

function accountOf({ id, username, status, createdAt, updatedAt, version }: Admin): Account {
  const shared = { id, username, status, version, kind: PrincipalKind.Admin, timeZone: 'UTC' };
  return { ...shared, email: null, name: null, bannedUntil: null, emailVerified: false, createdAt: createdAt.getTime(), updatedAt: updatedAt.getTime() };
}
