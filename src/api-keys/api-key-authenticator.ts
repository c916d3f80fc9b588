import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor, Origin } from '../access/actor.js';
import { type AuthenticateOptions, type Authenticator, Authenticators } from '../access/authenticators.js';
import { PrincipalKind } from '../access/permission.js';
import { Clock } from '../platform/clock/clock.js';
import { isWithin } from '../platform/network/networks.js';
import { Problem } from '../platform/problems/problem.js';
import { Forbidden, Unauthenticated } from '../platform/problems/problems.js';
import { standingAt } from '../users/user-record.js';
import { hashOf, idInKey, KEY_PREFIX } from './key-format.js';
import { KeyLookup, type KeyRow } from './key-lookup.js';
import { LastUses } from './last-uses.js';

/** Callers who present an API key or a service key. */
@Injectable()
export class ApiKeyAuthenticator implements Authenticator {
  constructor(
    private readonly keys: KeyLookup,
    private readonly lastUses: LastUses,
    private readonly clock: Clock,
    authenticators: Authenticators,
  ) {
    authenticators.register(this);
  }

  recognises(credential: string): boolean {
    return credential.startsWith(KEY_PREFIX);
  }

  async authenticate(key: string, origin: Origin, { servesOutage }: AuthenticateOptions = {}): Promise<Actor> {
    const id = idInKey(key);
    if (!id) throw new InvalidKey();
    const row = await this.keys.find(id, servesOutage);
    const now = this.clock.millis();
    if (!row || !matches(key, row, now)) throw new InvalidKey();
    if (row.expiresAt !== null && row.expiresAt <= now) throw new KeyExpired();
    if (row.allowedCidrs && !isWithin(origin.ip, row.allowedCidrs)) throw new Forbidden('This key may not be used from this network.', 'api-keys.wrong-network');
    if (row.kind === PrincipalKind.User && !isOwnerActive(row, now)) throw new InvalidKey();
    if (row.apiBannedUntil > now) throw new KeysBanned(row.apiBannedUntil);
    this.lastUses.note(id, row.lastUsedAt, now);
    return actorOf(row, origin);
  }
}

function isOwnerActive({ ownerStatus, ownerBannedUntil }: KeyRow, now: number): boolean {
  return ownerStatus !== null && standingAt(now, ownerStatus, ownerBannedUntil) === 'active';
}

function matches(key: string, row: KeyRow, now: number): boolean {
  const hash = Buffer.from(hashOf(key));
  if (timingSafeEqual(hash, Buffer.from(row.hash))) return true;
  return row.previousHash !== null && (row.previousUntil ?? 0) > now && timingSafeEqual(hash, Buffer.from(row.previousHash));
}

function actorOf(row: KeyRow, origin: Origin): Actor {
  return {
    kind: row.kind,
    id: row.ownerId ?? row.id,
    permissions: row.permissions,
    origin,
    keyId: row.id,
    requestsPerMinute: row.requestsPerMinute ?? undefined,
    timeZone: row.ownerTimeZone ?? undefined,
  };
}

/** One answer for every flaw, so that nobody learns which ids exist. */
class InvalidKey extends Unauthenticated {
  constructor() {
    super('api-keys.invalid', 'This API key is not valid.', 'invalid_token');
  }
}

class KeyExpired extends Unauthenticated {
  constructor() {
    super('api-keys.expired', 'This API key has expired.', 'invalid_token');
  }
}

/** Told to those alone who hold a key. */
class KeysBanned extends Problem {
  constructor(until: number) {
    const end = until === Infinity ? null : new Date(until).toISOString();
    super('forbidden', 'api-keys.banned', end === null ? "This user's API keys were banned." : `This user's API keys were banned until ${end}.`, { extensions: { until: end } });
  }
}
