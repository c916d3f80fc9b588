import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, LessThanOrEqual } from 'typeorm';
import { AuditService, SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { readIfThere } from '../../platform/crypto/key-folder.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { WrappedColumns } from '../../platform/crypto/wrapped-columns.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { MAX_TOKEN_SECONDS } from '../tokens/token-times.js';
import { type KeyPair, keyPairOf, newKeyPair } from './key-pair.js';
import { SigningKey, SigningKeyState } from './signing-key.entity.js';

const HOUR_MS = 3_600_000;
/** Longer than any token lives, and than instances take to hear that another key signs now. */
const RETIRED_MS = (MAX_TOKEN_SECONDS + 60) * 1000;

/** Brings signing keys from new to current to retired to removed: by command, on time, and by SIGNING_KEY. */
@Injectable()
export class SigningKeyRotation implements OnModuleInit {
  private readonly logger = new Logger(SigningKeyRotation.name);

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly keyring: Keyring,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly jobs: Jobs,
    wrapped: WrappedColumns,
  ) {
    wrapped.register({ table: 'signing_keys', column: 'sealed', key: ['kid'], context: sealContext });
  }

  onModuleInit(): void {
    this.jobs.define({ name: 'auth.signing-keys', description: 'replaces signing keys that are due, and forgets those whose tokens are over', schedule: CronExpression.EVERY_10_MINUTES, run: () => this.run() });
  }

  list(): Promise<SigningKey[]> {
    return this.db.find(SigningKey, { order: { createdAt: 'ASC' } });
  }

  /** Makes sure that there is a key to sign with, and that it is the one the operator set. */
  async ensureCurrent(): Promise<void> {
    const given = this.settings.signingKey === undefined ? undefined : keyPairOf(this.settings.signingKey);
    const known = await this.list();
    const current = known.find(({ state }) => state === SigningKeyState.Current);
    if (!current) await this.begin(given ?? this.fileOr(newKeyPair));
    else if (given && !known.some(({ kid }) => kid === given.kid)) await this.begin(given, current.kid);
    // A key that was rotated out must not come back because its setting was forgotten.
    else if (given && given.kid !== current.kid) this.logger.warn('Another key has replaced SIGNING_KEY, which has no effect any more; remove the setting.');
    await this.dropFile();
  }

  /** Publishes a new key, which signs after SIGNING_KEY_PUBLISH_HOURS. Answers the one that waits already, if there is one. */
  async prepare(): Promise<SigningKey> {
    const signsFrom = new Date(this.clock.millis() + this.settings.signingKeyPublishHours * HOUR_MS);
    try {
      return await this.db.transaction(async (tx) => {
        const key = await this.insert(tx, newKeyPair(), SigningKeyState.New, signsFrom);
        await this.tell(tx, 'prepared', key.kid);
        return key;
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return this.db.findOneByOrFail(SigningKey, { place: SigningKeyState.New });
    }
  }

  /** The new key signs from now on; the former goes on verifying until its last token is over. */
  promote(kid: string): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const rows = await tx.find(SigningKey, { lock: rowLock(tx) });
      if (rows.find((key) => key.kid === kid)?.state !== SigningKeyState.New) return false;
      await this.retire(tx, rows.find(({ state }) => state === SigningKeyState.Current)!.kid);
      const current = { state: SigningKeyState.Current, place: SigningKeyState.Current, signsFrom: this.clock.now() };
      await tx.update(SigningKey, { kid }, current);
      await this.tell(tx, 'current', kid);
      return true;
    });
  }

  /** Kills what the key signed, at once. The current one can only go once another signs. */
  remove(kid: string): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const removed = { state: SigningKeyState.Removed, place: null, sealed: null };
      const { affected } = await tx.update(SigningKey, { kid, state: In([SigningKeyState.New, SigningKeyState.Retired]) }, removed);
      if (affected === 1) await this.tell(tx, 'removed', kid);
      return affected === 1;
    });
  }

  async removeAll(state: 'new' | 'retired'): Promise<void> {
    for (const key of await this.list()) if (key.state === (state as SigningKeyState)) await this.remove(key.kid);
  }

  /** What is due by now. */
  async run(): Promise<JobReport> {
    const report = { removed: 0, promoted: 0, prepared: 0 };
    const over = new Date(this.clock.millis() - RETIRED_MS);
    for (const { kid } of await this.db.findBy(SigningKey, { state: SigningKeyState.Retired, retiredAt: LessThanOrEqual(over) })) report.removed += Number(await this.remove(kid));
    const next = await this.db.findOneBy(SigningKey, { place: SigningKeyState.New });
    if (next && next.signsFrom <= this.clock.now()) report.promoted += Number(await this.promote(next.kid));
    else if (!next && (await this.isOld())) report.prepared += Number(Boolean(await this.prepare()));
    return report;
  }

  private async isOld(): Promise<boolean> {
    const { signingKeyDays, signingKeyPublishHours } = this.settings;
    if (signingKeyDays === 0) return false;
    const { signsFrom } = await this.db.findOneByOrFail(SigningKey, { place: SigningKeyState.Current });
    return this.clock.millis() >= signsFrom.getTime() + (signingKeyDays * 24 - signingKeyPublishHours) * HOUR_MS;
  }

  /** Another instance that starts at the same moment may be faster; then its key stays. */
  private async begin(pair: KeyPair, former?: string): Promise<void> {
    try {
      await this.db.transaction(async (tx) => {
        if (former !== undefined) await this.retire(tx, former);
        await this.insert(tx, pair, SigningKeyState.Current, this.clock.now());
        await this.tell(tx, 'current', pair.kid);
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  private async retire(tx: EntityManager, kid: string): Promise<void> {
    const retired = { state: SigningKeyState.Retired, place: null, retiredAt: this.clock.now(), sealed: null };
    await tx.update(SigningKey, { kid, place: SigningKeyState.Current }, retired);
  }

  private async insert(tx: EntityManager, { kid, pem, publicJwk }: KeyPair, state: SigningKeyState, signsFrom: Date): Promise<SigningKey> {
    const key = Object.assign(new SigningKey(), { kid, publicJwk, state, place: state, signsFrom, createdAt: this.clock.now(), sealed: this.keyring.wrap(pem, sealContext(kid)) });
    await insertRow(tx, SigningKey, key);
    return key;
  }

  private async tell(tx: EntityManager, what: string, kid: string): Promise<void> {
    await this.audit.record(tx, SYSTEM, `auth.signing-key-${what}`, kid);
    await this.changes.announce(tx, 'signing-keys', kid);
  }

  private fileOr(make: () => KeyPair): KeyPair {
    const pem = readIfThere(this.file);
    return pem === undefined ? make() : keyPairOf(pem);
  }

  /** Once the key lies sealed in the database, a plain copy beside it is only there to be stolen. */
  private async dropFile(): Promise<void> {
    const pem = readIfThere(this.file);
    if (pem !== undefined && (await this.db.existsBy(SigningKey, { kid: keyPairOf(pem).kid }))) rmSync(this.file);
  }

  private get file(): string {
    return join(this.settings.dataDir, 'keys', 'signing.pem');
  }
}

export function sealContext(kid: string): string {
  return `signing-key:${kid}`;
}
