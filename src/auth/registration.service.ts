import { Injectable } from '@nestjs/common';
import type { Origin } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { AuditService } from '../audit/audit.service.js';
import { Settings } from '../platform/config/settings.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { snapshotOf } from '../users/user-snapshot.js';
import { UsersService } from '../users/users.service.js';
import type { Account } from './accounts.js';
import type { RegisterDto } from './auth.dto.js';
import { RegistrationClosed } from './auth.problems.js';
import { PasswordsService } from './credentials/passwords.service.js';
import { LinkMails } from './mail-links/link-mails.js';
import { accountOf } from './user-directory.js';

@Injectable()
export class RegistrationService {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly settings: Settings,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly mails: LinkMails,
    private readonly audit: AuditService,
  ) {}

  /** The user, the password and the audit row come into being together, or none of them. */
  async register({ password, ...request }: RegisterDto, origin: Origin, repeat?: IdempotentRequest): Promise<Account> {
    if (!this.settings.registrationOpen) throw new RegistrationClosed();
    const hash = await this.passwords.prepare(password, { kind: PrincipalKind.User, ...request });
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const user = await this.users.create(tx, request);
      await this.passwords.set(tx, user.id, hash);
      await this.mails.sendFirst(tx, user);
      await this.audit.record(tx, { kind: PrincipalKind.User, id: user.id, origin }, 'users.register', user.id, { after: { username: user.username, email: user.email } });
      return accountOf(snapshotOf(user, user.createdAt.getTime()));
    });
  }
}
