import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor, Origin } from '../access/actor.js';
import { Pending } from '../access/pending.js';
import type { PrincipalKind } from '../access/permission.js';
import { AuditService } from '../audit/audit.service.js';
import { Settings } from '../platform/config/settings.js';
import { comparable } from '../platform/http/text.js';
import { networkOf } from '../platform/network/networks.js';
import { type Account, Accounts } from './accounts.js';
import { Attempts, TooManyFailures } from './attempts/attempts.js';
import { Banned, EmailUnverified, InvalidCredentials, MayNotSignIn, WrongCurrentPassword } from './auth.problems.js';
import { EvidenceLookup, type StoredPassword } from './credentials/evidence.js';
import { PasswordsService } from './credentials/passwords.service.js';
import { KnownDevices, type Whereabouts } from './devices/known-devices.js';
import { LoginAudits, type SignInAttempt } from './login-audits.js';
import { LinkPurpose } from './mail-links/mail-link.entity.js';
import { MailLinks } from './mail-links/mail-links.service.js';
import { MfaChallenges } from './mfa/mfa-challenges.service.js';
import { Notices } from './notices.js';
import type { Session } from './sessions/session.entity.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInRecords } from './sign-in-records.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { DeadToken } from './tokens/tokens.problems.js';

export interface SignedIn {
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  session: Pick<Session, 'id' | 'idleUntil' | 'expiresAt'>;
  account: Account;
  pending?: Pending;
  /** Set by a sign-in: proves at the next one that this device is known. */
  deviceToken?: string;
}

/** The password was right, and a code has to follow. */
export interface CodeAwaited {
  mfaToken: string;
}

/** Signing in and staying signed in, for every kind of principal alike. */
@Injectable()
export class SignInService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly accounts: Accounts,
    private readonly evidence: EvidenceLookup,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly audit: AuditService,
    private readonly audits: LoginAudits,
    private readonly records: SignInRecords,
    private readonly attempts: Attempts,
    private readonly devices: KnownDevices,
    private readonly mfa: MfaChallenges,
    private readonly settings: Settings,
    private readonly notices: Notices,
    private readonly links: MailLinks,
  ) {}

  async signIn(kind: PrincipalKind, { login, password, deviceToken }: Credentials, origin: Origin): Promise<SignedIn | CodeAwaited> {
    await this.passwords.gather();
    const account = await this.accounts.of(kind).findByLogin(login);
    const attempt = { kind, principalId: account?.id ?? null, username: login, origin };
    const subject = account?.id ?? comparable(login.trim());
    const { password: stored, hasFactor, devices } = await this.evidence.find(subject);
    const whereabouts = this.devices.locate(devices, origin, deviceToken);
    const isRight = await this.attempts
      .guarded({ kind, account: subject, ...whereabouts }, () => this.passwords.matches(stored, password))
      .catch((error: unknown) => this.refuse(attempt, error));
    if (!account || !stored || !isRight) {
      await this.audits.noteRefusal(attempt, account ? 'wrong-password' : 'unknown-name');
      throw new InvalidCredentials();
    }
    if (account.status !== 'active') return this.refuse(attempt, account.status === 'banned' ? new Banned(account.bannedUntil) : new MayNotSignIn(account.status));
    if (this.lacksConfirmation(account)) return this.refuse(attempt, new EmailUnverified());
    const answer = hasFactor ? { mfaToken: await this.mfa.challenge(account, attempt, whereabouts.deviceId) } : await this.begin(attempt, account, stored, whereabouts);
    await this.passwords.renew(stored, password);
    return answer;
  }

  /** The second step, where the first has answered a token. */
  async signInWithCode(kind: PrincipalKind, mfaToken: string, code: string, origin: Origin): Promise<SignedIn> {
    const { account, login, deviceId } = await this.mfa.answer(kind, mfaToken, code, origin);
    const { password, devices } = await this.evidence.find(account.id);
    if (!password) throw new InvalidCredentials();
    const whereabouts = { ...this.devices.locate(devices, origin), deviceId };
    return this.begin({ kind, principalId: account.id, username: login, origin }, account, password, whereabouts);
  }

  async refresh(kind: PrincipalKind, refreshToken: string, origin: Origin): Promise<SignedIn> {
    const session = await this.sessions.refresh(refreshToken, kind, origin);
    const account = await this.accounts.of(kind).find(session.principalId);
    if (account?.status !== 'active') throw new DeadToken('auth.session-ended', 'The session has ended; sign in again.');
    const credential = await this.passwords.find(account.id);
    return this.grant(session, account, credential?.mustChange ?? false);
  }

  /** Ends every other session and answers fresh tokens for this one. */
  async changePassword(actor: Actor, currentPassword: string, newPassword: string): Promise<SignedIn> {
    const account = await this.confirm(actor, currentPassword);
    const hash = await this.passwords.prepare(newPassword, account, 'newPassword');
    const session = await this.db.transaction(async (tx) => {
      await this.passwords.replace(tx, actor.id, hash);
      await this.sessions.endAll(tx, actor.id, 'password-changed');
      await this.links.voidAll(tx, actor.id, LinkPurpose.ResetPassword);
      await this.notices.tell(tx, account, 'password-changed', actor.origin);
      await this.audit.record(tx, actor, 'auth.change-password', actor.id);
      return this.sessions.begin(tx, account, actor.origin);
    });
    return this.grant(session, account, false);
  }

  /** Demands the password of whoever is signed in; guessing is slowed and stopped as it is at sign-in. */
  async confirm({ id, kind, origin }: Actor, password: string): Promise<Account> {
    const account = await this.accounts.of(kind).find(id);
    const guess = { kind, account: id, network: networkOf(origin.ip), knownNetwork: true };
    const stored = await this.passwords.find(id);
    const isRight = await this.attempts.guarded(guess, () => this.passwords.matches(stored, password));
    if (!account || !isRight) throw new WrongCurrentPassword();
    return account;
  }

  /** Ends the session of a refresh token, or all sessions of whom it belongs to. A token that is over ends nothing. */
  async signOut(session: Session | null, all: boolean, origin: Origin): Promise<void> {
    if (!session) return;
    const actor = { kind: session.kind, id: session.principalId, origin };
    await this.db.transaction(async (tx) => {
      const ended = all ? await this.sessions.endAll(tx, session.principalId, 'signed-out-everywhere') : await this.sessions.endGiven(tx, session.id);
      if (ended > 0) await this.audit.record(tx, actor, all ? 'auth.logout-all' : 'auth.logout', session.id);
    });
  }

  private lacksConfirmation({ email, emailVerified }: Account): boolean {
    return this.settings.requireVerifiedEmail && email !== null && !emailVerified;
  }

  private async begin(attempt: SignInAttempt, account: Account, proven: StoredPassword, whereabouts: Whereabouts): Promise<SignedIn> {
    const { origin } = attempt;
    const session = await this.records.keep(attempt, { owner: account, origin, proven }).catch((error: unknown) => this.refuse(attempt, error));
    const deviceToken = await this.devices.welcome(account, origin, whereabouts);
    return { ...(await this.grant(session, account, proven.mustChange)), deviceToken };
  }

  private async grant(session: Session, account: Account, mustChangePassword: boolean): Promise<SignedIn> {
    const pending = mustChangePassword ? Pending.PasswordChange : await this.mfa.pendingFor(account);
    const { accessToken, expiresIn } = this.accessTokens.issue({ principalId: account.id, kind: account.kind, sessionId: session.id, pending });
    const refreshToken = this.refreshTokens.make({ sessionId: session.id, generation: session.generation });
    return { accessToken, expiresIn, refreshToken, session, account, pending };
  }

  /** Notes why somebody was not let in before saying so. */
  private async refuse(attempt: SignInAttempt, error: unknown): Promise<never> {
    if (error instanceof TooManyFailures) await this.audits.noteRefusal(attempt, 'too-many-failures');
    if (error instanceof MayNotSignIn) await this.audits.noteRefusal(attempt, error.code.replace(/^auth\./, ''));
    throw error;
  }
}

interface Credentials {
  login: string;
  password: string;
  /** From an earlier sign-in of this account with this device. */
  deviceToken?: string;
}
