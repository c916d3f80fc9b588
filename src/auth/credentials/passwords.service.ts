import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Problem } from '../../platform/problems/problem.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { Credential } from './credential.entity.js';
import { EvidenceLookup, type StoredPassword } from './evidence.js';
import { importable, isOutdated } from './password-hash.js';
import { PasswordHasher } from './password-hasher.js';
import { weaknessOf } from './password-policy.js';

export const MAX_PASSWORD_BYTES = 1024;

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
  ) {}

  async find(principalId: string): Promise<StoredPassword | undefined> {
    return (await this.evidence.find(principalId)).password;
  }

  /** Checks the form and cost of a hash of another system; it becomes one of ours at the first sign-in. */
  importable(hash: string): string {
    return importable(hash);
  }

  /** Whether it is the principal's password. Takes the same time when there is no principal. */
  async matches(credential: StoredPassword | undefined, password: string): Promise<boolean> {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new PasswordTooLong();
    this.decoy ??= this.hasher.hash('a password that nobody has');
    const verified = await this.hasher.verify(credential?.passwordHash ?? (await this.decoy), password);
    return verified && credential !== undefined;
  }

  /** Checks the policy and hashes; done before a transaction, because it takes long. `words` are the account's own. */
  async prepare(password: string, words: readonly string[], field = 'password'): Promise<string> {
    this.checkPolicy(password, words, field);
    return this.hasher.hash(password);
  }

  async set(tx: EntityManager, principalId: string, passwordHash: string, mustChange = false): Promise<void> {
    await insertRow(tx, Credential, { principalId, passwordHash, mustChange, changedAt: this.clock.now() });
  }

  async replace(tx: EntityManager, principalId: string, passwordHash: string): Promise<void> {
    await tx.update(Credential, { principalId }, { passwordHash, mustChange: false, changedAt: this.clock.now() });
  }

  /** A new hash in place of one of another system or of a lower cost, unless the password was changed meanwhile. */
  async renew(credential: StoredPassword, password: string): Promise<void> {
    const { argon2MemoryKib, argon2Passes } = this.settings;
    const { principalId, passwordHash } = credential;
    if (!isOutdated(passwordHash, { memoryKib: argon2MemoryKib, passes: argon2Passes })) return;
    await this.db.update(Credential, { principalId, passwordHash }, { passwordHash: await this.hasher.hash(password) });
  }

  private checkPolicy(password: string, words: readonly string[], field: string): void {
    const { passwordMinLength } = this.settings;
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new PasswordTooLong();
    const short = [...password].length < passwordMinLength;
    const weakness = short ? { code: 'too-short', detail: `The password must have at least ${passwordMinLength} characters.` } : weaknessOf(password, words);
    if (weakness) throw new ValidationFailed([{ pointer: `/${field}`, ...weakness }]);
  }
}

class PasswordTooLong extends Problem {
  constructor() {
    super('malformed', 'auth.password-too-long', `A password may have at most ${MAX_PASSWORD_BYTES} bytes.`);
  }
}
