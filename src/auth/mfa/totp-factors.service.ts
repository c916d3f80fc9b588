import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull, LessThan } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { WrappedColumns } from '../../platform/crypto/wrapped-columns.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { MergedLookup } from '../../platform/database/merged-lookup.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { Sql } from '../../platform/database/sql.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { newTotpSecret, stepOf } from './totp.js';
import { TotpFactor } from './totp-factor.entity.js';

/** What became of a code: which sort it was, or why it was not taken. */
export type Verdict = 'totp' | 'recovery-code' | 'wrong-code' | 'used-code' | 'too-many-codes';

export function isRight(verdict: string): verdict is 'totp' | 'recovery-code' {
  return verdict === 'totp' || verdict === 'recovery-code';
}

@Injectable()
export class TotpFactors {
  private readonly active: MergedLookup<boolean>;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly keyring: Keyring,
    private readonly recoveryCodes: RecoveryCodes,
    sql: Sql,
    wrapped: WrappedColumns,
  ) {
    wrapped.register({ table: 'totp_factors', column: 'sealed_secret', key: ['principal_id'], context: contextOf });
    this.active = new MergedLookup(sql, 'SELECT principal_id, activated_at FROM totp_factors WHERE principal_id', (row) => row[1] !== null);
  }

  find(principalId: string): Promise<TotpFactor | null> {
    return this.db.findOneBy(TotpFactor, { principalId });
  }

  async isActive(principalId: string): Promise<boolean> {
    return (await this.active.find(principalId)) ?? false;
  }

  /** Holds the row, so that the codes of one principal are judged one after the other. First in a transaction. */
  lock(tx: EntityManager, principalId: string): Promise<TotpFactor | null> {
    return tx.findOne(TotpFactor, { where: { principalId }, lock: rowLock(tx) });
  }

  /** A secret that is not asked for before it is activated; in place of one that never was. */
  async start(tx: EntityManager, principalId: string): Promise<string> {
    const secret = newTotpSecret();
    const sealedSecret = this.keyring.wrap(secret, contextOf(principalId));
    await tx.delete(TotpFactor, { principalId, activatedAt: IsNull() });
    await insertRow(tx, TotpFactor, Object.assign(new TotpFactor(), { principalId, sealedSecret, createdAt: this.clock.now() }));
    return secret;
  }

  async activate(tx: EntityManager, { principalId }: TotpFactor): Promise<void> {
    await tx.update(TotpFactor, { principalId, activatedAt: IsNull() }, { activatedAt: this.clock.now() });
  }

  async remove(tx: EntityManager, principalId: string): Promise<boolean> {
    const { affected } = await tx.delete(TotpFactor, { principalId });
    await this.recoveryCodes.clear(tx, principalId);
    return affected === 1;
  }

  /** Wrong codes count no longer: the next one is judged at once. */
  async forgive(tx: EntityManager, principalId: string): Promise<void> {
    await tx.update(TotpFactor, { principalId }, { failures: 0, lastFailureAt: null });
  }

  /** Judges a code for a factor whose row is held, uses it up if it is right and counts it if it is not. */
  async judge(tx: EntityManager, factor: TotpFactor, code: string, { orRecoveryCode }: { orRecoveryCode: boolean }): Promise<Verdict> {
    const now = this.clock.now();
    if (factor.blockedSeconds(now) > 0) return 'too-many-codes';
    const verdict = await this.use(tx, factor, code.trim(), orRecoveryCode);
    if (isRight(verdict)) return verdict;
    factor.fail(now);
    const { principalId, failures, lastFailureAt } = factor;
    await tx.update(TotpFactor, { principalId }, { failures, lastFailureAt });
    return verdict;
  }

  private async use(tx: EntityManager, factor: TotpFactor, code: string, orRecoveryCode: boolean): Promise<Verdict> {
    const digits = code.replaceAll(' ', '');
    if (/^\d{6}$/.test(digits)) return this.useStep(tx, factor, digits);
    return orRecoveryCode && (await this.recoveryCodes.use(tx, factor.principalId, code)) ? 'recovery-code' : 'wrong-code';
  }

  private async useStep(tx: EntityManager, { principalId, sealedSecret }: TotpFactor, code: string): Promise<Verdict> {
    const secret = this.keyring.unwrap(sealedSecret, contextOf(principalId)).toString();
    const step = stepOf(secret, code, this.clock.millis());
    if (step === undefined) return 'wrong-code';
    const { affected } = await tx.update(TotpFactor, { principalId, lastStep: LessThan(step) }, { lastStep: step });
    return affected === 1 ? 'totp' : 'used-code';
  }
}

function contextOf(principalId: string): string {
  return `totp:${principalId}`;
}
