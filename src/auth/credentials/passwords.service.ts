import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { comparable } from '../../platform/http/text.js';
import { Problem } from '../../platform/problems/problem.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Credential } from './credential.entity.js';
import { PasswordHasher } from './password-hasher.js';

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
  ) {}

  find(principalId: string): Promise<Credential | null> {
    return this.db.findOneBy(Credential, { principalId });
  }

  /** Whether it is the principal's password. Takes the same time when there is no principal. */
  async matches(credential: Credential | null, password: string): Promise<boolean> {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new PasswordTooLong();
    this.decoy ??= this.hasher.hash('a password that nobody has');
    const verified = await this.hasher.verify(credential?.passwordHash ?? (await this.decoy), password);
    return verified && credential !== null;
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

  private checkPolicy(password: string, words: readonly string[], field: string): void {
    const refuse = (code: string, detail: string): never => {
      throw new ValidationFailed([{ pointer: `/${field}`, code, detail }]);
    };
    const { passwordMinLength } = this.settings;
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new PasswordTooLong();
    if ([...password].length < passwordMinLength) refuse('too-short', `The password must have at least ${passwordMinLength} characters.`);
    const given = comparable(password);
    if (words.some((word) => given === comparable(word))) refuse('own-name', 'The password must not be your username or e-mail address.');
  }
}

class PasswordTooLong extends Problem {
  constructor() {
    super('malformed', 'auth.password-too-long', `A password may have at most ${MAX_PASSWORD_BYTES} bytes.`);
  }
}
