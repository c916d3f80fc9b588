import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { insertRows } from '../../platform/database/insert-rows.js';
import { Problem } from '../../platform/problems/problem.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { MfaPolicy } from '../mfa/mfa-policy.js';
import { Credential } from './credential.entity.js';
import { EvidenceLookup, type StoredPassword } from './evidence.js';
import { importable, isOutdated } from './password-hash.js';
import { PasswordHasher } from './password-hasher.js';
import { weaknessOf } from './password-policy.js';

export const MAX_PASSWORD_BYTES = 1024;
const LEAST = 12;
/** Where a second factor is demanded as well (NIST SP 800-63B-4). */
const LEAST_WITH_MFA = 8;

/** Whose password it is to be: its own words are no password, and its kind says how long it must be. */
export interface PasswordOwner {
  readonly kind: PrincipalKind;
  readonly username: string;
  readonly email: string | null;
}

@Injectable()
export class PasswordsService {
  /** A hash of nothing anybody can know, so that an unknown name takes as long as a wrong password. */
  private decoy?: Promise<string>;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly hasher: PasswordHasher,
    private readonly evidence: EvidenceLookup,
    private readonly mfa: MfaPolicy,
  ) {}

  async find(principalId: string): Promise<StoredPassword | undefined> {
    return (await this.evidence.find(principalId)).password;
  }

  /** Checks the form and cost of a hash of another system; it becomes one of ours at the first sign-in. */
  importable(hash: string): string {
    return importable(hash);
  }

  /** Where many sign in, waits for others a moment: what they read is then read for all at once. */
  gather(): Promise<void> {
    return this.hasher.gather();
  }

  /** Whether it is the principal's password. Takes the same time when there is no principal. */
  async matches(credential: StoredPassword | undefined, password: string): Promise<boolean> {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new PasswordTooLong();
    this.decoy ??= this.hasher.hash('a password that nobody has');
    const verified = await this.hasher.verify(credential?.passwordHash ?? (await this.decoy), password);
    return verified && credential !== undefined;
  }

  /** Checks the policy and hashes; done before a transaction, because it takes long. */
  async prepare(password: string, owner: PasswordOwner, field = 'password'): Promise<string> {
    this.check(password, owner, field);
    return this.hasher.hash(password);
  }

  async set(tx: EntityManager, principalId: string, passwordHash: string, mustChange = false): Promise<void> {
    await insertRow(tx, Credential, { principalId, passwordHash, mustChange, changedAt: this.clock.now() });
  }

  /** First passwords of many, by their principals. */
  async setAll(tx: EntityManager, hashes: ReadonlyMap<string, string>): Promise<void> {
    const now = this.clock.now();
    const rows = [...hashes].map(([principalId, hash]) => [principalId, hash, now, 0]);
    await insertRows(new EntityTransaction(tx), 'credentials', ['principal_id', 'password_hash', 'changed_at', 'must_change'], rows);
  }

  async replace(tx: EntityManager, principalId: string, passwordHash: string, mustChange = false): Promise<void> {
    await tx.update(Credential, { principalId }, { passwordHash, mustChange, changedAt: this.clock.now() });
  }

  /** A new hash in place of one of another system or of a lower cost, unless the password was changed meanwhile. */
  async renew(credential: StoredPassword, password: string): Promise<void> {
    const { argon2MemoryKib, argon2Passes } = this.settings;
    const { principalId, passwordHash } = credential;
    if (!isOutdated(passwordHash, { memoryKib: argon2MemoryKib, passes: argon2Passes })) return;
    await this.db.update(Credential, { principalId, passwordHash }, { passwordHash: await this.hasher.hash(password) });
  }

  /** Refuses a password that is too short, too long or too easy to guess. */
  check(password: string, owner: PasswordOwner, field = 'password'): void {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new PasswordTooLong();
    const least = this.settings.passwordMinLength ?? (this.mfa.isRequiredFor(owner.kind) ? LEAST_WITH_MFA : LEAST);
    const short = [...password].length < least;
    const weakness = short ? { code: 'too-short', detail: `The password must have at least ${least} characters.` } : weaknessOf(password, wordsOf(owner));
    if (weakness) throw new ValidationFailed([{ pointer: `/${field}`, ...weakness }]);
  }
}

function wordsOf({ username, email }: PasswordOwner): string[] {
  return email ? [username, email, email.split('@')[0]!] : [username];
}

class PasswordTooLong extends Problem {
  constructor() {
    super('malformed', 'auth.password-too-long', `A password may have at most ${MAX_PASSWORD_BYTES} bytes.`);
  }
}
