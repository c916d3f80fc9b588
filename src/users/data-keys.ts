import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { isDatabaseAway, isMissingReference } from '../platform/database/failures.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { Sql } from '../platform/database/sql.js';
import { DataKey } from './data-key.entity.js';
import { UsersService } from './users.service.js';

const MEMORY = 20_000;
/** A key destroyed by another process is used here for no longer than this. */
const FRESH_MS = 60_000;

interface Remembered {
  readonly key: Buffer;
  readonly at: number;
}

/** The key of each user for text that is encrypted at rest, kept wrapped by the master key and for a while in memory. */
@Injectable()
export class DataKeys {
  private readonly rows: MergedLookup<string>;
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly sql: Sql,
    private readonly keyring: Keyring,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {
    this.rows = new MergedLookup(sql, 'SELECT user_id, wrapped FROM data_keys WHERE user_id', (row) => row[1] as string);
  }

  /** The key if it is at hand: saves a hot path the wait. */
  atHand(userId: string): Buffer | undefined {
    const known = this.remembered.get(userId);
    return known && this.clock.millis() - known.at < FRESH_MS ? known.key : undefined;
  }

  /** The user's key, made now if there is none; undefined when there is no such user. */
  async obtain(userId: string): Promise<Buffer | undefined> {
    return (await this.find(userId)) ?? this.make(userId);
  }

  /**
   * The user's key if it exists. While the database is away a remembered one serves, however old: nothing can be
   * destroyed then.
   */
  async find(userId: string): Promise<Buffer | undefined> {
    const fresh = this.atHand(userId);
    if (fresh) return fresh;
    try {
      const wrapped = await this.rows.find(userId);
      if (wrapped !== undefined) return this.remember(userId, this.keyring.unwrap(wrapped, contextOf(userId)));
      this.remembered.delete(userId);
      return undefined;
    } catch (error) {
      const known = this.remembered.get(userId);
      if (!isDatabaseAway(error) || !known) throw error;
      return known.key;
    }
  }

  /** Destroys the key, and with it everything encrypted under it, in every copy and backup of the data. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(DataKey, { userId });
    this.remembered.delete(userId);
  }

  private async make(userId: string): Promise<Buffer | undefined> {
    if (!(await this.users.find(userId))) return undefined;
    const wrapped = this.keyring.wrap(randomBytes(32), contextOf(userId));
    try {
      // Of two that make it at once the first wins, and both read what it made.
      await this.sql.execute(`${this.sql.dialect.insertIgnore} data_keys (user_id, wrapped, created_at) VALUES (?, ?, ?)`, [userId, wrapped, this.clock.now()]);
    } catch (error) {
      if (!isMissingReference(error)) throw error;
    }
    return this.find(userId);
  }

  private remember(userId: string, key: Buffer): Buffer {
    this.remembered.delete(userId);
    this.remembered.set(userId, { key, at: this.clock.millis() });
    if (this.remembered.size > MEMORY) this.remembered.delete(this.remembered.keys().next().value!);
    return key;
  }
}

function contextOf(userId: string): string {
  return `data-key:${userId}`;
}
