import { Injectable } from '@nestjs/common';
import { Permission, PrincipalKind } from '../access/permission.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { isDatabaseAway } from '../platform/database/failures.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { millisOf, type Row, Sql } from '../platform/database/sql.js';
import { BanScope, endOfBan } from '../users/bans.js';

/** What a request needs to know about the key it came with. Instants are milliseconds. */
export interface KeyRow {
  readonly id: string;
  readonly kind: PrincipalKind.User | PrincipalKind.Service;
  readonly ownerId: string | null;
  readonly hash: string;
  readonly previousHash: string | null;
  readonly previousUntil: number | null;
  readonly permissions: ReadonlySet<Permission>;
  readonly allowedCidrs: readonly string[] | null;
  readonly requestsPerMinute: number | null;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number;
  readonly ownerStatus: string | null;
  readonly ownerBannedUntil: number | null;
  /** Until then the owner's keys are refused and the owner is not; 0 where nobody said so. */
  readonly apiBannedUntil: number;
  readonly ownerTimeZone: string | null;
}

const SELECT =
  'SELECT k.id, k.kind, k.owner_id, k.hash, k.previous_hash, k.previous_until, k.scopes, k.allowed_cidrs, ' +
  'k.requests_per_minute, k.expires_at, k.last_used_at, u.status, u.time_zone, u.banned_until, u.partial_bans ' +
  'FROM api_keys k LEFT JOIN users u ON u.id = k.owner_id WHERE k.id';

/** Applications send the same few service keys with every request. Below the two seconds in which a key must be dead everywhere. */
const SERVICE_KEY_MS = 1000;
const SERVICE_KEYS = 1000;
const OUTAGE_MEMORY = 20_000;
const OUTAGE_MINUTES = 10;

/**
 * Keys by id, joined with their owner's standing: users' keys read anew for every request, service keys once a second.
 * A small memory of keys read in the last minutes serves message intake, and nothing else, while the database is away:
 * nothing can be revoked then. Both memories are told of every change.
 */
@Injectable()
export class KeyLookup {
  private readonly rows: MergedLookup<KeyRow>;
  private readonly remembered = new Map<string, { row: KeyRow; at: number }>();
  /** `at` is when the read began, in milliseconds of the process. */
  private readonly serviceKeys = new Map<string, { row: KeyRow; at: number }>();
  private forgotten = 0;

  constructor(
    sql: Sql,
    private readonly clock: Clock,
    changes: Changes,
  ) {
    this.rows = new MergedLookup(sql, SELECT, keyRowOf);
    changes.on('key-changed', (id) => this.forget(id));
    changes.on('principal-changed', (ownerId) => this.forgetKeysOf(ownerId));
  }

  async find(id: string, servesOutage = false): Promise<KeyRow | undefined> {
    if (!servesOutage) return this.fresh(id);
    const { forgotten } = this;
    try {
      const row = await this.fresh(id);
      if (forgotten === this.forgotten) this.remember(id, row);
      return row;
    } catch (error) {
      const known = this.remembered.get(id);
      if (!isDatabaseAway(error) || !known || this.clock.millis() - known.at > OUTAGE_MINUTES * 60_000) throw error;
      return known.row;
    }
  }

  /** A key was changed or ended, here or in another process: not even an outage brings it back. */
  forget(id: string | undefined): void {
    if (id === undefined) return this.forgetAll();
    this.forgotten += 1;
    this.serviceKeys.delete(id);
    this.remembered.delete(id);
  }

  private forgetKeysOf(ownerId: string | undefined): void {
    if (ownerId === undefined) return this.forgetAll();
    this.forgotten += 1;
    for (const [id, { row }] of this.remembered) if (row.ownerId === ownerId) this.remembered.delete(id);
  }

  private forgetAll(): void {
    this.forgotten += 1;
    this.serviceKeys.clear();
    this.remembered.clear();
  }

  private async fresh(id: string): Promise<KeyRow | undefined> {
    const at = performance.now();
    const known = this.serviceKeys.get(id);
    if (known && at - known.at < SERVICE_KEY_MS) return known.row;
    const { forgotten } = this;
    const row = await this.rows.find(id);
    // What was read before a key was changed must not be remembered after it.
    if (row?.kind === PrincipalKind.Service && forgotten === this.forgotten) this.keep(row, at);
    return row;
  }

  private keep(row: KeyRow, at: number): void {
    if (this.serviceKeys.size >= SERVICE_KEYS) this.serviceKeys.clear();
    this.serviceKeys.set(row.id, { row, at });
  }

  private remember(id: string, row: KeyRow | undefined): void {
    if (!row) return this.forget(id);
    const now = this.clock.millis();
    const known = this.remembered.get(id);
    if (known && now - known.at < 10_000) return;
    this.remembered.delete(id);
    this.remembered.set(id, { row, at: now });
    if (this.remembered.size > OUTAGE_MEMORY) this.remembered.delete(this.remembered.keys().next().value!);
  }
}

function keyRowOf(row: Row): KeyRow {
  const instant = (value: unknown): number | null => (value === null ? null : millisOf(value));
  return {
    id: row[0] as string,
    kind: row[1] as KeyRow['kind'],
    ownerId: row[2] as string | null,
    hash: row[3] as string,
    previousHash: row[4] as string | null,
    previousUntil: instant(row[5]),
    permissions: permissionsOf(row[6] as string),
    allowedCidrs: row[7] === null ? null : (JSON.parse(row[7] as string) as string[]),
    requestsPerMinute: row[8] as number | null,
    expiresAt: instant(row[9]),
    lastUsedAt: row[10] === null ? 0 : millisOf(row[10]),
    ownerStatus: row[11] as string | null,
    ownerTimeZone: row[12] as string | null,
    ownerBannedUntil: instant(row[13]),
    apiBannedUntil: endOfBan(row[14], BanScope.Api),
  };
}

const known = new Map<string, ReadonlySet<Permission>>();

/** Few combinations of scopes are ever in use: each is parsed once and shared. */
function permissionsOf(json: string): ReadonlySet<Permission> {
  let permissions = known.get(json);
  if (!permissions) {
    permissions = new Set(JSON.parse(json) as Permission[]);
    if (known.size < 1000) known.set(json, permissions);
  }
  return permissions;
}
