import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { PrincipalKind } from '../../access/permission.js';
import { type AuditActor, AuditService, type SYSTEM } from '../../audit/audit.service.js';
import { UsersService } from '../../users/users.service.js';
import { Attempts } from '../attempts/attempts.js';
import { TotpFactors } from '../mfa/totp-factors.service.js';

/** Lets users try again who were kept out by wrong passwords or codes, their own or a stranger's. */
@Injectable()
export class Unlocks {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly users: UsersService,
    private readonly attempts: Attempts,
    private readonly factors: TotpFactors,
    private readonly audit: AuditService,
  ) {}

  unlock(who: AuditActor | typeof SYSTEM, id: string, reason: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.users.demand(tx, id);
      await this.attempts.forgive(tx, PrincipalKind.User, id);
      await this.factors.forgive(tx, id);
      await this.audit.record(tx, who, 'users.unlock', id, { reason });
    });
  }
}
