import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Origin } from '../../access/actor.js';
import type { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { Accounts } from '../accounts.js';
import { LinkMails, type Asker } from './link-mails.js';
import { LinkPurpose } from './mail-link.entity.js';
import { DeadLink } from './mail-links.problems.js';
import { MailLinks } from './mail-links.service.js';

@Injectable()
export class EmailVerificationService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly accounts: Accounts,
    private readonly links: MailLinks,
    private readonly mails: LinkMails,
    private readonly audit: AuditService,
  ) {}

  async verify(kind: PrincipalKind, token: string, origin: Origin): Promise<void> {
    const link = await this.links.find(token, LinkPurpose.VerifyEmail);
    await this.db.transaction(async (tx) => {
      await this.links.use(tx, link);
      if (!(await this.accounts.of(kind).confirmAddress(tx, link.principalId, link.address))) throw new DeadLink();
      await this.audit.record(tx, { kind, id: link.principalId, origin }, 'auth.verify-email', link.principalId);
    });
  }

  ask(kind: PrincipalKind, asker: Asker, { ip }: Origin): Promise<void> {
    return this.mails.ask(this.db, kind, LinkPurpose.VerifyEmail, asker, ip);
  }
}
