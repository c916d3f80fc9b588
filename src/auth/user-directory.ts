import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PrincipalKind } from '../access/permission.js';
import type { UserSnapshot } from '../users/user-snapshot.js';
import { UsersService } from '../users/users.service.js';
import { type Account, type AccountDirectory, Accounts, type Standing } from './accounts.js';

/** What `standingAt` says, in SQL. */
const STANDS = "(status = 'active' OR (status = 'banned' AND banned_until <= ?))";

@Injectable()
export class UserDirectory implements AccountDirectory {
  readonly kind = PrincipalKind.User;
  readonly standing: Standing = { table: 'users', condition: STANDS, values: (now) => [now] };

  constructor(
    private readonly users: UsersService,
    accounts: Accounts,
  ) {
    accounts.register(this);
  }

  async findByLogin(login: string): Promise<Account | undefined> {
    const user = await this.users.findByLogin(login);
    return user && accountOf(user);
  }

  async find(id: string): Promise<Account | undefined> {
    const user = await this.users.find(id);
    return user && accountOf(user);
  }

  confirmAddress(tx: EntityManager, id: string, address: string): Promise<boolean> {
    return this.users.confirmEmail(tx, id, address);
  }
}

export function accountOf(user: UserSnapshot): Account {
  return { kind: PrincipalKind.User, ...user };
}
