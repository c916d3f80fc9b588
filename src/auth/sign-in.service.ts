import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor, Origin } from '../access/actor.js';
import type { PrincipalKind } from '../access/permission.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { insertRow } from '../platform/database/insert-row.js';
import { Forbidden } from '../platform/problems/problems.js';
import { type Account, Accounts } from './accounts.js';
import { InvalidCredentials, WrongCurrentPassword } from './auth.problems.js';
import { PasswordsService } from './credentials/passwords.service.js';
import { LoginAudit } from './login-audit.entity.js';
import type { Session } from './sessions/session.entity.js';
import { SessionsService } from './sessions/sessions.service.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { DeadToken } from './tokens/tokens.problems.js';

export interface SignedIn {
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  session: Pick<Session, 'id' | 'idleUntil' | 'expiresAt'>;
  account: Account;
  mustChangePassword: boolean;
}

/** Signing in and staying signed in, for every kind of principal alike. */
@Injectable()
export class SignInService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly accounts: Accounts,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async signIn(kind: PrincipalKind, login: string, password: string, origin: Origin): Promise<SignedIn> {
    const account = await this.accounts.of(kind).findByLogin(login);
    const credential = account ? await this.passwords.find(account.id) : null;
    const attempt = { kind, principalId: account?.id ?? null, username: login.slice(0, 254), origin };
    if (!(await this.passwords.matches(credential, password)) || !account || !credential) {
      await this.note(this.db, attempt, false, account ? 'wrong-password' : 'unknown-name');
      throw new InvalidCredentials();
    }
    if (account.status !== 'active') {
      await this.note(this.db, attempt, false, account.status);
      throw new Forbidden('This account may not sign in.', `auth.${account.status}`);
    }
    const session = await this.db.transaction(async (tx) => {
      await this.note(tx, attempt, true, 'signed-in');
      return this.sessions.begin(tx, account, origin);
    });
    return this.grant(session, account, credential.mustChange);
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
    const account = await this.accounts.of(actor.kind).find(actor.id);
    const credential = await this.passwords.find(actor.id);
    if (!account || !credential || !(await this.passwords.matches(credential, currentPassword))) throw new WrongCurrentPassword();
    const hash = await this.passwords.prepare(newPassword, wordsOf(account), 'newPassword');
    const session = await this.db.transaction(async (tx) => {
      await this.passwords.replace(tx, actor.id, hash);
      await this.sessions.endAll(tx, actor.id, 'password-changed');
      await this.audit.record(tx, actor, 'auth.change-password', actor.id);
      return this.sessions.begin(tx, account, actor.origin);
    });
    return this.grant(session, account, false);
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

  private grant(session: Session, account: Account, mustChangePassword: boolean): SignedIn {
    const { accessToken, expiresIn } = this.accessTokens.issue({ principalId: account.id, kind: account.kind, sessionId: session.id, mustChangePassword });
    const refreshToken = this.refreshTokens.make({ sessionId: session.id, generation: session.generation });
    return { accessToken, expiresIn, refreshToken, session, account, mustChangePassword };
  }

  private async note(db: EntityManager, { origin, ...attempt }: Attempt, ok: boolean, reason: string): Promise<void> {
    const { ip, userAgent } = origin;
    await insertRow(db, LoginAudit, Object.assign(new LoginAudit(), { ...attempt, ip, userAgent, ok, reason, at: this.clock.now() }));
  }
}

interface Attempt {
  kind: PrincipalKind;
  principalId: string | null;
  username: string;
  origin: Origin;
}

export function wordsOf({ username, email }: { username: string; email: string | null }): string[] {
  return email ? [username, email, email.split('@')[0]!] : [username];
}
