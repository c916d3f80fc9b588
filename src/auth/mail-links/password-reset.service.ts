import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Origin } from '../../access/actor.js';
import type { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { type Account, Accounts } from '../accounts.js';
import { PasswordsService } from '../credentials/passwords.service.js';
import { Notices } from '../notices.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { LinkMails } from './link-mails.js';
import { LinkPurpose, type MailLink } from './mail-link.entity.js';
import { DeadLink } from './mail-links.problems.js';
import { MailLinks } from './mail-links.service.js';

@Injectable()
export class PasswordResetService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly accounts: Accounts,
    private readonly links: MailLinks,
    private readonly mails: LinkMails,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly notices: Notices,
    private readonly audit: AuditService,
  ) {}

  ask(kind: PrincipalKind, email: string, { ip }: Origin): Promise<void> {
    return this.mails.ask(this.db, kind, LinkPurpose.ResetPassword, { email }, ip);
  }

  /** A password that the policy refuses leaves the link good for another try. Keys and the second factor stay as they are. */
  async reset(kind: PrincipalKind, token: string, newPassword: string, origin: Origin): Promise<void> {
    const link = await this.links.find(token, LinkPurpose.ResetPassword);
    const account = await this.accounts.of(kind).find(link.principalId);
    if (account?.status !== 'active') throw new DeadLink();
    const hash = await this.passwords.prepare(newPassword, account, 'newPassword');
    await this.db.transaction((tx) => this.replace(tx, link, account, hash, origin));
  }

  private async replace(tx: EntityManager, link: MailLink, account: Account, hash: string, origin: Origin): Promise<void> {
    const { id, kind } = account;
    await this.links.use(tx, link);
    // Whoever followed the link reads that address's mail; if it is not the account's any more, that proves nothing.
    if (!(await this.accounts.of(kind).confirmAddress(tx, id, link.address))) throw new DeadLink();
    await this.links.voidAll(tx, id, LinkPurpose.ResetPassword);
    await this.passwords.replace(tx, id, hash);
    await this.sessions.endAll(tx, id, 'password-reset');
    await this.notices.tell(tx, account, 'password-changed', origin);
    await this.audit.record(tx, { kind, id, origin }, 'auth.reset-password', id);
  }
}
