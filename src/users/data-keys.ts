import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Combiner, type Outcome } from '../platform/batching/combiner.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { WrappedColumns } from '../platform/crypto/wrapped-columns.js';
import { isDatabaseAway, isMissingReference } from '../platform/database/failures.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { millisOf, type Row, Sql } from '../platform/database/sql.js';
import { BanScope, endOfBan } from './bans.js';
import { DataKey } from './data-key.entity.js';
import { UsersService } from './users.service.js';

const MEMORY = 50_000;
/** A key destroyed by another process is forgotten here when its change is heard of, and used for no longer than this if ever it is not. */
const FRESH_MS = 60_000;
const MADE_AT_ONCE = 128;

/** The key as a string of its bytes: a small Buffer would hold on to the pool of 8 KB that it was cut from. */
interface Remembered {
  readonly key: string;
  readonly mutedUntil: number;
  readonly at: number;
}

/** A user's key, and whether anything new may be written under it. */
export interface TextKey {
  readonly bytes: Buffer;
  /** Until then the user may post no message logs; 0 where nobody said so. It comes with the key, so that a ban costs no statement. */
  readonly mutedUntil: number;
}

interface Stored {
  readonly wrapped: string;
  readonly mutedUntil: number;
}

/** The key of each user for text that is encrypted at rest, kept wrapped by the master key and for a while in memory. */
@Injectable()
export class DataKeys {
  private readonly rows: MergedLookup<Stored>;
  private readonly maker: Combiner<string, Buffer | undefined>;
  private readonly remembered = new Map<string, Remembered>();
  private forgotten = 0;

  constructor(
    private readonly sql: Sql,
    private readonly keyring: Keyring,
    private readonly users: UsersService,
    private readonly clock: Clock,
    private readonly changes: Changes,
    wrapped: WrappedColumns,
  ) {
    wrapped.register({ table: 'data_keys', column: 'wrapped', key: ['user_id'], context: contextOf });
    changes.on('data-key-erased', (userId) => this.forget(userId));
    changes.on('principal-changed', (userId) => this.forget(userId));
    // A deleted user has a key that waits for them, but nothing is written or read under it meanwhile.
    this.rows = new MergedLookup(sql, 'SELECT d.user_id, d.wrapped, u.partial_bans FROM data_keys d JOIN users u ON u.id = d.user_id WHERE d.user_id', storedOf);
    this.maker = new Combiner((userIds) => this.insert(userIds), { maxBatch: MADE_AT_ONCE, maxInFlight: 1 });
  }

  /** The key if it is at hand: saves a hot path the wait. */
  atHand(userId: string): TextKey | undefined {
    const known = this.remembered.get(userId);
    return known && this.clock.millis() - known.at < FRESH_MS ? textKeyOf(known) : undefined;
  }

  /** The user's key, made now if there is none; undefined when there is no such user. */
  async obtain(userId: string): Promise<TextKey | undefined> {
    return (await this.find(userId)) ?? this.make(userId);
  }

  /**
   * The user's key if it exists. While the database is away a remembered one serves, however old: nothing can be
   * destroyed then.
   */
  async find(userId: string): Promise<TextKey | undefined> {
    const fresh = this.atHand(userId);
    if (fresh) return fresh;
    const { forgotten } = this;
    try {
      const stored = await this.rows.find(userId);
      if (stored) return this.remember(userId, { bytes: this.keyring.unwrap(stored.wrapped, contextOf(userId)), mutedUntil: stored.mutedUntil }, forgotten);
      this.remembered.delete(userId);
      return undefined;
    } catch (error) {
      const known = this.remembered.get(userId);
      if (!isDatabaseAway(error) || !known) throw error;
      return textKeyOf(known);
    }
  }

  /**
   * Destroys the key, and with it everything encrypted under it. A backup from before holds the key beside the text, and
   * must go when the user's text must.
   */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(DataKey, { userId });
    await this.changes.announce(tx, 'data-key-erased', userId);
  }

  /** Whether something of this time may have been encrypted under a key that was erased before the present one was made. */
  async mayPrecede(userId: string, at: number): Promise<boolean> {
    const { rows } = await this.sql.execute('SELECT created_at FROM data_keys WHERE user_id = ?', [userId]);
    return rows[0] === undefined || at < millisOf(rows[0][0]) + FRESH_MS;
  }

  private forget(userId: string | undefined): void {
    this.forgotten += 1;
    if (userId === undefined) this.remembered.clear();
    else this.remembered.delete(userId);
  }

  private async make(userId: string): Promise<TextKey | undefined> {
    const { forgotten } = this;
    const user = await this.users.find(userId);
    if (!user) return undefined;
    const bytes = await this.maker.submit(userId);
    if (!bytes) return this.find(userId);
    const muted = user.bans.find(({ scope }) => scope === BanScope.Messages);
    return this.remember(userId, { bytes, mutedUntil: muted ? (muted.until ?? Infinity) : 0 }, forgotten);
  }

  /** Of two that make a key at once the first wins, and who finds a row skipped must read what the other made. */
  private async insert(userIds: string[]): Promise<Outcome<Buffer | undefined>[]> {
    const now = this.clock.now();
    const made = new Map([...userIds].sort().map((userId) => [userId, randomBytes(32)]));
    const values = [...made].flatMap(([userId, key]) => [userId, this.keyring.wrap(key, contextOf(userId)), now]);
    const rows = Array.from({ length: made.size }, () => '(?, ?, ?)').join(', ');
    try {
      const { affected } = await this.sql.execute(`${this.sql.dialect.insertIgnore} data_keys (user_id, wrapped, created_at) VALUES ${rows}`, values);
      return userIds.map((userId) => ({ value: affected === made.size ? made.get(userId)! : undefined }));
    } catch (error) {
      // One of the users was erased a moment ago: each by itself, and no key for that one.
      if (!isMissingReference(error)) throw error;
      if (userIds.length === 1) return [{ value: undefined }];
      return (await Promise.all(userIds.map((userId) => this.insert([userId])))).flat();
    }
  }

  /** What was read before a key was destroyed must not be remembered after it. */
  private remember(userId: string, key: TextKey, forgotten: number): TextKey {
    if (forgotten !== this.forgotten) return key;
    this.remembered.delete(userId);
    this.remembered.set(userId, { key: key.bytes.toString('latin1'), mutedUntil: key.mutedUntil, at: this.clock.millis() });
    if (this.remembered.size > MEMORY) this.remembered.delete(this.remembered.keys().next().value!);
    return key;
  }
}

function textKeyOf({ key, mutedUntil }: Remembered): TextKey {
  return { bytes: Buffer.from(key, 'latin1'), mutedUntil };
}

function storedOf([, wrapped, bans]: Row): Stored {
  return { wrapped: wrapped as string, mutedUntil: endOfBan(bans, BanScope.Messages) };
}

function contextOf(userId: string): string {
  return `data-key:${userId}`;
}
