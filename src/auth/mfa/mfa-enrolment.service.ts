import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { PrincipalKind } from '../../access/permission.js';
import { type AuditActor, AuditService, SYSTEM } from '../../audit/audit.service.js';
import { Settings } from '../../platform/config/settings.js';
import { Clock } from '../../platform/clock/clock.js';
import { isDuplicate } from '../../platform/database/failures.js';
import type { Problem } from '../../platform/problems/problem.js';
import { type Account, Accounts } from '../accounts.js';
import { type Notice, Notices } from '../notices.js';
import { SignInService } from '../sign-in.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { MfaAlreadyActive, MfaIsRequired, MfaNotActive, MfaNotStarted, TooManyCodes, WrongCode } from './mfa.problems.js';
import { MfaPolicy } from './mfa-policy.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { settle } from './settle.js';
import { otpauthUri } from './totp.js';
import type { TotpFactor } from './totp-factor.entity.js';
import { isRight, TotpFactors, type Verdict } from './totp-factors.service.js';

export interface MfaState {
  /** When the authenticator app was activated, if it is. */
  readonly since: Date | null;
  readonly recoveryCodesLeft: number;
  readonly required: boolean;
}

/** Setting up the second factor, looking after it and letting go of it. */
@Injectable()
export class MfaEnrolment {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    private readonly policy: MfaPolicy,
    private readonly factors: TotpFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly audit: AuditService,
    private readonly notices: Notices,
  ) {}

  async state(actor: Actor): Promise<MfaState> {
    const factor = await this.factors.find(actor.id);
    return {
      since: factor?.activatedAt ?? null,
      recoveryCodesLeft: await this.recoveryCodes.left(this.db, actor.id),
      required: this.policy.isRequiredFor(actor.kind),
    };
  }

  /** Asks for the password, so that whoever found an open session cannot bind the account to a telephone of theirs. */
  async start(actor: Actor, password: string): Promise<{ secret: string; uri: string }> {
    const account = await this.signIns.confirm(actor, password);
    try {
      const secret = await this.db.transaction((tx) => this.factors.start(tx, actor.id));
      return { secret, uri: otpauthUri(secret, this.issuer, labelOf(account)) };
    } catch (error) {
      throw isDuplicate(error) ? new MfaAlreadyActive() : error;
    }
  }

  /** From here on sign-in asks for a code. Answers the recovery codes, which cannot be read again. */
  async activate(actor: Actor, code: string): Promise<string[]> {
    const account = await this.accountOf(actor);
    return settle(this.db, async (tx) => {
      const factor = await this.factors.lock(tx, actor.id);
      if (!factor) return new MfaNotStarted();
      if (factor.activatedAt) return new MfaAlreadyActive();
      const refusal = this.refusalOf(await this.factors.judge(tx, factor, code, { orRecoveryCode: false }), factor);
      if (refusal) return refusal;
      await this.factors.activate(tx, factor);
      await this.record(tx, actor, account, 'auth.enable-mfa', 'mfa-enabled');
      return this.recoveryCodes.renew(tx, actor.id);
    });
  }

  /** The codes there were are worth nothing from here on. */
  async renewRecoveryCodes(actor: Actor, code: string): Promise<string[]> {
    return this.withCode(actor, code, { orRecoveryCode: false }, async (tx, account) => {
      await this.record(tx, actor, account, 'auth.renew-recovery-codes', 'recovery-codes-renewed');
      return this.recoveryCodes.renew(tx, actor.id);
    });
  }

  async remove(actor: Actor, code: string): Promise<void> {
    if (this.policy.isRequiredFor(actor.kind)) throw new MfaIsRequired();
    await this.withCode(actor, code, { orRecoveryCode: true }, async (tx, account) => {
      await this.factors.remove(tx, actor.id);
      await this.record(tx, actor, account, 'auth.disable-mfa', 'mfa-disabled');
    });
  }

  /** For an operator, when everything that makes codes is lost. Whoever is signed in is signed out; false when there was no factor. */
  async reset(account: Account): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      if (!(await this.factors.remove(tx, account.id))) return false;
      await this.sessions.endAll(tx, account.id, 'mfa-reset');
      await this.record(tx, SYSTEM, account, 'auth.reset-mfa', 'mfa-disabled');
      return true;
    });
  }

  private async withCode<T extends object | void>(actor: Actor, code: string, options: { orRecoveryCode: boolean }, work: (tx: EntityManager, account: Account) => Promise<T>): Promise<T> {
    const account = await this.accountOf(actor);
    return settle<T>(this.db, async (tx) => {
      const factor = await this.factors.lock(tx, actor.id);
      if (!factor?.activatedAt) return new MfaNotActive();
      const refusal = this.refusalOf(await this.factors.judge(tx, factor, code, options), factor);
      return refusal ?? work(tx, account);
    });
  }

  private refusalOf(verdict: Verdict, factor: TotpFactor): Problem | undefined {
    if (isRight(verdict)) return undefined;
    return verdict === 'too-many-codes' ? new TooManyCodes(factor.blockedSeconds(this.clock.now())) : new WrongCode();
  }

  private async record(tx: EntityManager, actor: AuditActor | typeof SYSTEM, account: Account, action: string, notice: Notice): Promise<void> {
    await this.audit.record(tx, actor, action, account.id);
    await this.notices.tell(tx, account, notice, actor.origin);
  }

  private async accountOf({ kind, id }: Actor): Promise<Account> {
    const account = await this.accounts.of(kind).find(id);
    if (!account) throw new Error(`There is no ${kind} ${id}, who is signed in`);
    return account;
  }

  /** What the authenticator app shows beside the code. */
  private get issuer(): string {
    const { publicUrl } = this.settings;
    return publicUrl ? new URL(publicUrl).hostname : 'Provost';
  }
}

function labelOf({ kind, username }: Account): string {
  return kind === PrincipalKind.User ? username : `${username} (${kind})`;
}
