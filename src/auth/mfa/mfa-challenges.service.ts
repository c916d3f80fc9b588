import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull, LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import type { Origin } from '../../access/actor.js';
import { Pending } from '../../access/pending.js';
import type { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { insertRow } from '../../platform/database/insert-row.js';
import type { Problem } from '../../platform/problems/problem.js';
import { type Account, Accounts } from '../accounts.js';
import { Banned, MayNotSignIn } from '../auth.problems.js';
import { Credential } from '../credentials/credential.entity.js';
import { LoginAudits, type SignInAttempt } from '../login-audits.js';
import { Notices } from '../notices.js';
import { MfaChallenge } from './mfa-challenge.entity.js';
import { DeadMfaToken, TooManyCodes, TooManyTries, WrongSignInCode } from './mfa.problems.js';
import { MfaPolicy } from './mfa-policy.js';
import { MfaTokens } from './mfa-tokens.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { settle } from './settle.js';
import type { TotpFactor } from './totp-factor.entity.js';
import { isRight, TotpFactors, type Verdict } from './totp-factors.service.js';

export const MFA_TOKEN_SECONDS = 300;
const MAX_TRIES = 5;

/** A sign-in that both steps have proved. */
export interface Passed {
  readonly account: Account;
  /** The name as typed in the first step. */
  readonly login: string;
  /** The known device that the first step proved. */
  readonly deviceId?: string;
}

type Refusal = Exclude<Verdict, 'totp' | 'recovery-code'> | 'mfa-token-dead' | 'too-many-tries';

/** The second step of signing in: between the right password and the session. */
@Injectable()
export class MfaChallenges {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly policy: MfaPolicy,
    private readonly factors: TotpFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly tokens: MfaTokens,
    private readonly audit: AuditService,
    private readonly audits: LoginAudits,
    private readonly notices: Notices,
  ) {}

  /** After the right password of an account with an active factor: the token that the code is to be sent with. */
  async challenge({ id, kind }: Account, attempt: SignInAttempt, deviceId?: string): Promise<string> {
    const now = this.clock.now();
    const { ip, userAgent } = attempt.origin;
    const expiresAt = new Date(now.getTime() + MFA_TOKEN_SECONDS * 1000);
    const challenge = Object.assign(new MfaChallenge(), { principalId: id, kind, login: attempt.username.slice(0, 254), ip, userAgent, deviceId: deviceId ?? null, createdAt: now, expiresAt });
    await this.db.transaction(async (tx) => {
      await insertRow(tx, MfaChallenge, challenge);
      await this.audits.noteRefusal(attempt, 'mfa-required', new EntityTransaction(tx));
    });
    return this.tokens.make(challenge);
  }

  /** What a session of this account is for and nothing else, until it has the factor that it must have. */
  async pendingFor({ id, kind }: Account): Promise<Pending | undefined> {
    return this.policy.isRequiredFor(kind) && !(await this.factors.isActive(id)) ? Pending.MfaEnrolment : undefined;
  }

  /** Uses up the token and the code; whoever called this may begin the session. */
  async answer(kind: PrincipalKind, token: string, code: string, origin: Origin): Promise<Passed> {
    const id = this.tokens.read(token, kind);
    const challenge = id === undefined ? null : await this.db.findOneBy(MfaChallenge, { id, kind });
    const account = challenge ? await this.accounts.of(kind).find(challenge.principalId) : undefined;
    if (!challenge || !account) throw new DeadMfaToken();
    return settle(this.db, async (tx) => {
      const factor = await this.factors.lock(tx, account.id);
      const outcome = account.status === 'active' ? await this.judge(tx, challenge, factor, code) : account.status;
      if (outcome === 'recovery-code') await this.tellOfRecoveryCode(tx, account, origin);
      const { login, deviceId } = challenge;
      if (isRight(outcome)) return { account, login, deviceId: deviceId ?? undefined };
      await this.audits.noteRefusal({ kind, principalId: account.id, username: login, origin }, outcome, new EntityTransaction(tx));
      return this.problemOf(outcome, account, factor);
    });
  }

  async purge(): Promise<number> {
    const { affected } = await this.db.delete(MfaChallenge, { expiresAt: LessThanOrEqual(this.clock.now()) });
    return affected ?? 0;
  }

  private async judge(tx: EntityManager, challenge: MfaChallenge, factor: TotpFactor | null, code: string): Promise<Verdict | Refusal> {
    if (!factor?.activatedAt || (await this.isOvertaken(tx, challenge))) return 'mfa-token-dead';
    const { id } = challenge;
    const now = this.clock.now();
    if (factor.blockedSeconds(now) > 0) return 'too-many-codes';
    const { affected } = await tx.update(MfaChallenge, { id, usedAt: IsNull(), expiresAt: MoreThan(now), tries: LessThan(MAX_TRIES) }, { tries: () => 'tries + 1' });
    if (affected !== 1) return this.flawOf(tx, id);
    const verdict = await this.factors.judge(tx, factor, code, { orRecoveryCode: true });
    if (isRight(verdict)) await tx.update(MfaChallenge, { id }, { usedAt: now });
    return verdict;
  }

  /** Whoever knew the old password proves nothing by it any more. */
  private isOvertaken(tx: EntityManager, { principalId, createdAt }: MfaChallenge): Promise<boolean> {
    return tx.existsBy(Credential, { principalId, changedAt: MoreThan(createdAt) });
  }

  private async flawOf(tx: EntityManager, id: string): Promise<Refusal> {
    const challenge = await tx.findOneBy(MfaChallenge, { id });
    const isAlive = challenge && !challenge.usedAt && challenge.expiresAt > this.clock.now();
    return isAlive ? 'too-many-tries' : 'mfa-token-dead';
  }

  private problemOf(outcome: string, account: Account, factor: TotpFactor | null): Problem {
    if (outcome === 'wrong-code' || outcome === 'used-code') return new WrongSignInCode();
    if (outcome === 'too-many-codes') return new TooManyCodes(factor!.blockedSeconds(this.clock.now()));
    if (outcome === 'too-many-tries') return new TooManyTries();
    if (outcome === 'mfa-token-dead') return new DeadMfaToken();
    return outcome === 'banned' ? new Banned(account.bannedUntil) : new MayNotSignIn(outcome);
  }

  private async tellOfRecoveryCode(tx: EntityManager, account: Account, origin: Origin): Promise<void> {
    const left = await this.recoveryCodes.left(tx, account.id);
    await this.audit.record(tx, { kind: account.kind, id: account.id, origin }, 'auth.use-recovery-code', account.id, { after: { left } });
    await this.notices.tell(tx, account, 'recovery-code-used', origin);
  }
}
