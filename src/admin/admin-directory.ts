import { Injectable } from '@nestjs/common';
import { PrincipalKind } from '../access/permission.js';
import { type Account, type AccountDirectory, Accounts, type Standing } from '../auth/accounts.js';
import type { Admin } from './admin.entity.js';
import { AdminsService } from './admins.service.js';

@Injectable()
export class AdminDirectory implements AccountDirectory {
  readonly kind = PrincipalKind.Admin;
  readonly standing: Standing = { table: 'admins', condition: "status = 'active'", values: () => [] };

  constructor(
    private readonly admins: AdminsService,
    accounts: Accounts,
  ) {
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

  /** Admins have no address: nothing is sent to them, and no link of theirs exists. */
  async confirmAddress(): Promise<boolean> {
    return false;
  }
}

function accountOf({ id, username, status, createdAt, updatedAt, version }: Admin): Account {
  const shared = { id, username, status, version, kind: PrincipalKind.Admin, timeZone: 'UTC' };
  return { ...shared, email: null, name: null, bannedUntil: null, emailVerified: false, createdAt: createdAt.getTime(), updatedAt: updatedAt.getTime() };
}
