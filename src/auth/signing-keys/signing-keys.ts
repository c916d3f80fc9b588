import { createPrivateKey, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, Not } from 'typeorm';
import { Changes } from '../../platform/changes/changes.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { type PublicJwk, publicKeyOf } from './key-pair.js';
import { sealContext, SigningKeyRotation } from './signing-key-rotation.js';
import { SigningKey, SigningKeyState } from './signing-key.entity.js';

interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** What others verify with, and the id by which tokens name it. */
export interface PublishedKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
}

/** Tokens may name any key they like: what is asked for in vain costs a look at the table no more often than this. */
const LOOK_AGAIN_MS = 1000;
const TRY_AGAIN_MS = 1000;
const ORDER = [SigningKeyState.Current, SigningKeyState.New, SigningKeyState.Retired];

/** The signing keys as they are in the table, held in memory: every request with a token needs one. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private readonly logger = new Logger(SigningKeys.name);
  private signer!: Signer;
  private verifying: ReadonlyMap<string, KeyObject> = new Map();
  private list: readonly PublishedKey[] = [];
  private soughtAt = -Infinity;
  private seeking?: Promise<void>;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly keyring: Keyring,
    private readonly rotation: SigningKeyRotation,
    private readonly changes: Changes,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.rotation.ensureCurrent();
    await this.read();
    this.changes.on('signing-keys', () => this.follow());
  }

  /** Signs new tokens. */
  get current(): Signer {
    return this.signer;
  }

  /** Everything tokens may be verified with, the current one first. */
  get published(): readonly PublishedKey[] {
    return this.list;
  }

  knows(kid: string): boolean {
    return this.verifying.has(kid);
  }

  /** The key of this id, if it is one of ours. A key that another instance made a moment ago is found too. */
  async find(kid: string): Promise<KeyObject | undefined> {
    if (!this.verifying.has(kid)) await this.seek();
    return this.verifying.get(kid);
  }

  private seek(): Promise<void> | undefined {
    if (this.seeking || performance.now() - this.soughtAt < LOOK_AGAIN_MS) return this.seeking;
    this.soughtAt = performance.now();
    this.seeking = this.read().finally(() => (this.seeking = undefined));
    return this.seeking;
  }

  /** A change that was announced must not be missed because the database was away at that moment. */
  private async follow(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      this.logger.warn(`The signing keys cannot be read, trying again: ${String(error)}`);
      void sleep(TRY_AGAIN_MS, undefined, { ref: false }).then(() => this.follow());
    }
  }

  private async read(): Promise<void> {
    const rows = await this.db.findBy(SigningKey, { state: Not(SigningKeyState.Removed) });
    const current = rows.find(({ state }) => state === SigningKeyState.Current);
    if (!current) throw new Error('There is no current signing key.');
    rows.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    if (this.signer?.kid !== current.kid) this.signer = this.signerOf(current);
    this.verifying = new Map(rows.map(({ kid, publicJwk }) => [kid, publicKeyOf(publicJwk)]));
    this.list = rows.map(({ kid, publicJwk }) => ({ kid, jwk: publicJwk }));
  }

  private signerOf({ kid, sealed }: SigningKey): Signer {
    return { kid, privateKey: createPrivateKey(this.keyring.unwrap(sealed!, sealContext(kid)).toString()) };
  }
}
