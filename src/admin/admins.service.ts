import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { PrincipalKind } from '../access/permission.js';
import { AuditService, SYSTEM } from '../audit/audit.service.js';
import { PasswordsService } from '../auth/credentials/passwords.service.js';
import { Clock } from '../platform/clock/clock.js';
import { isDuplicate } from '../platform/database/failures.js';
import { insertRow } from '../platform/database/insert-row.js';
import { comparable } from '../platform/http/text.js';
import { toBase62 } from '../platform/ids/base62.js';
import { newId } from '../platform/ids/ids.js';
import { Problem } from '../platform/problems/problem.js';
import { USERNAME, USERNAME_RULE } from '../users/username.js';
import { Principal } from '../users/principal.entity.js';
import { Admin } from './admin.entity.js';

export interface NewAdmin {
  admin: Admin;
  /** To be changed at the first sign-in. */
  password: string;
}

@Injectable()
export class AdminsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly passwords: PasswordsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  findByLogin(login: string): Promise<Admin | null> {
    return this.db.findOneBy(Admin, { usernameKey: comparable(login.trim()) });
  }

  find(id: string): Promise<Admin | null> {
    return this.db.findOneBy(Admin, { id });
  }

  isEmpty(): Promise<boolean> {
    return this.db.exists(Admin).then((exists) => !exists);
  }

  /** Makes an admin who must change the password at the first sign-in; without one given it is random. */
  async create(username: string, given?: string): Promise<NewAdmin> {
    if (!USERNAME.test(username)) throw new WrongAdminName();
    const password = given ?? toBase62(randomBytes(16));
    const hash = await this.passwords.prepare(password, { kind: PrincipalKind.Admin, username, email: null });
    const now = this.clock.now();
    const admin = Object.assign(new Admin(), { id: newId(), createdAt: now, updatedAt: now });
    admin.rename(username);
    try {
      await this.db.transaction(async (tx) => {
        await insertRow(tx, Principal, { id: admin.id, kind: PrincipalKind.Admin, createdAt: now });
        await insertRow(tx, Admin, admin);
        await this.passwords.set(tx, admin.id, hash, true);
        await this.audit.record(tx, SYSTEM, 'admins.create', admin.id, { after: { username } });
      });
    } catch (error) {
      throw isDuplicate(error) ? new AdminExists(username) : error;
    }
    return { admin, password };
  }
}

class WrongAdminName extends Problem {
  constructor() {
    super('malformed', 'admins.wrong-name', USERNAME_RULE);
  }
}

export class AdminExists extends Problem {
  constructor(username: string) {
    super('conflict', 'admins.taken', `There is already an admin named "${username}".`);
  }
}
