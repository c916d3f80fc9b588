import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PrincipalKind } from '../../access/permission.js';
import { Settings } from '../../platform/config/settings.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { type Mail, type MailRequest, MailWriters, type WriteMail } from '../../platform/mail/mail-writers.js';
import { type Account, Accounts } from '../accounts.js';
import { LINK_MAILS } from '../mail-texts.js';
import { issuerOf } from '../tokens/issuer.js';
import { LinkPurpose } from './mail-link.entity.js';
import { MailLinks } from './mail-links.service.js';

/** Who asked: an account that is signed in, or whoever typed an address. */
export type Asker = { readonly principalId: string } | { readonly email: string };

/**
 * Mails with links. What strangers ask for is only noted down, as a row that holds the address as it was typed: that is
 * the same work for every address. Whose it is, and whether another mail may go there, is found out when the row's
 * turn comes, away from any request.
 */
@Injectable()
export class LinkMails {
  constructor(
    private readonly settings: Settings,
    private readonly accounts: Accounts,
    private readonly links: MailLinks,
    private readonly mails: MailQueue,
    writers: MailWriters,
  ) {
    for (const purpose of Object.values(LinkPurpose)) writers.register(purpose, (details) => this.prepare(purpose, details));
  }

  /** To an account that has just been made, in its transaction. */
  async sendFirst(tx: EntityManager, account: Pick<Account, 'id' | 'email'>, kind = PrincipalKind.User): Promise<void> {
    if (account.email === null) return;
    await this.mails.queue(tx, await this.mailTo(tx, { ...account, kind }, account.email, LinkPurpose.VerifyEmail, ''));
  }

  ask(db: EntityManager, kind: PrincipalKind, purpose: LinkPurpose, asker: Asker, ip: string): Promise<void> {
    return this.mails.ask(db, { request: purpose, details: { kind, ip, ...asker } });
  }

  private async prepare(purpose: LinkPurpose, details: MailRequest['details']): Promise<WriteMail | null> {
    const account = await this.accountOf(details);
    if (!account || account.email === null || account.status !== 'active') return null;
    if (purpose === LinkPurpose.VerifyEmail && account.emailVerified) return null;
    const { id, email } = account;
    return async (tx) => ((await this.links.mayMake(tx, id, purpose)) ? this.mailTo(tx, account, email, purpose, details.ip!) : null);
  }

  private accountOf({ kind, principalId, email }: MailRequest['details']): Promise<Account | undefined> {
    const directory = this.accounts.of(kind as PrincipalKind);
    return principalId === undefined ? directory.findByLogin(email!) : directory.find(principalId);
  }

  private async mailTo(tx: EntityManager, { id: principalId, kind }: Pick<Account, 'id' | 'kind'>, to: string, purpose: LinkPurpose, ip: string): Promise<Mail> {
    const token = await this.links.make(tx, principalId, purpose, to);
    const { subject, text } = LINK_MAILS[purpose];
    return { to, subject, text: text({ url: this.urlOf(purpose, kind, token), life: this.lifeOf(purpose), ip }), principalId };
  }

  private urlOf(purpose: LinkPurpose, kind: PrincipalKind, token: string): string {
    const { appUrl, verifyEmailUrl, resetPasswordUrl } = this.settings;
    const page = purpose === LinkPurpose.VerifyEmail ? verifyEmailUrl : resetPasswordUrl;
    const app = (appUrl ?? issuerOf(this.settings)).replace(/\/+$/, '');
    const url = page.replace('{app}', () => app).replace('{token}', token);
    // The page must know where to send the token: the routes of staff are others.
    return kind === PrincipalKind.User ? url : `${url}${/[?#].*=/.test(url) ? '&' : '?'}kind=${kind}`;
  }

  private lifeOf(purpose: LinkPurpose): string {
    const { verifyLinkHours, resetLinkMinutes } = this.settings;
    return purpose === LinkPurpose.VerifyEmail ? `${verifyLinkHours} hours` : `${resetLinkMinutes} minutes`;
  }
}
