import { Injectable } from '@nestjs/common';
import { EntityManager, type FindOptionsWhere } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { insertRow } from '../platform/database/insert-row.js';
import { rowLock } from '../platform/database/row-lock.js';
import { NotFound, StaleVersion, ValidationFailed } from '../platform/problems/problems.js';
import { Events } from '../webhooks/events.js';
import { ApiKey } from './api-key.entity.js';
import { issueKey } from './key-format.js';

export type Who = AuditActor | typeof SYSTEM;

export interface Issued {
  apiKey: ApiKey;
  /** Shown once. */
  key: string;
}

/** What can be said of a key; what is absent stays as it is. */
export interface KeyTerms {
  name?: string;
  scopes?: ApiKey['scopes'];
  expiresAt?: string | null;
  allowedCidrs?: string[] | null;
  rateLimit?: number | null;
}

/** Which key, in the words of whoever may have it: somebody else's does not exist. */
export interface Wanted {
  where: FindOptionsWhere<ApiKey>;
  called: 'api-key' | 'service-key';
  ifVersion?: number;
}

/** The life of a key, whoever's it is; every step joins the caller's transaction, is audited and told to all processes. */
@Injectable()
export class IssuedKeys {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly events: Events,
  ) {}

  async issue(tx: EntityManager, who: Who, apiKey: ApiKey): Promise<Issued> {
    const issued = issueKey(this.settings.keyEnvironment, apiKey.id);
    apiKey.take(issued);
    apiKey.createdAt = this.clock.now();
    apiKey.version = 1;
    await insertRow(tx, ApiKey, apiKey);
    await this.audit.record(tx, who, 'api-keys.create', apiKey.id, { after: describe(apiKey) });
    await this.events.emit(tx, { type: 'key.created', userId: apiKey.ownerId, data: told(apiKey) });
    return { apiKey, key: issued.key };
  }

  /** @param allows throws when this key must not be changed like this */
  async update(tx: EntityManager, who: Who, wanted: Wanted, terms: KeyTerms, allows: (key: ApiKey) => void = () => undefined): Promise<ApiKey> {
    const key = await this.hold(tx, wanted);
    allows(key);
    const before = describe(key);
    this.apply(key, terms);
    await this.audit.record(tx, who, 'api-keys.update', key.id, { before, after: describe(key) });
    await this.events.emit(tx, { type: 'key.updated', userId: key.ownerId, data: told(key) });
    return this.save(tx, key);
  }

  async rotate(tx: EntityManager, who: Who, wanted: Wanted, graceSeconds: number, allows: (key: ApiKey) => void = () => undefined): Promise<Issued> {
    const key = await this.hold(tx, wanted);
    allows(key);
    const issued = issueKey(this.settings.keyEnvironment, key.id);
    key.rotate(issued, this.clock.now(), graceSeconds);
    await this.audit.record(tx, who, 'api-keys.rotate', key.id, { after: { graceSeconds } });
    await this.events.emit(tx, { type: 'key.rotated', userId: key.ownerId, data: { ...told(key), graceSeconds } });
    return { apiKey: await this.save(tx, key), key: issued.key };
  }

  async revoke(tx: EntityManager, who: Who, wanted: Wanted): Promise<ApiKey> {
    const key = await this.hold(tx, wanted);
    await tx.delete(ApiKey, { id: key.id });
    await this.ended(tx, who, key);
    return key;
  }

  async revokeAll(tx: EntityManager, who: Who, ownerId: string): Promise<void> {
    const keys = await tx.findBy(ApiKey, { ownerId });
    await tx.delete(ApiKey, { ownerId });
    for (const key of keys) await this.ended(tx, who, key);
  }

  apply(key: ApiKey, { name, scopes, expiresAt, allowedCidrs, rateLimit }: KeyTerms): void {
    if (name !== undefined) key.name = name;
    if (scopes !== undefined) key.scopes = scopes;
    if (allowedCidrs !== undefined) key.allowedCidrs = allowedCidrs;
    if (rateLimit !== undefined) key.requestsPerMinute = rateLimit;
    if (expiresAt !== undefined) key.expiresAt = this.expiry(expiresAt, key.expiresAt);
  }

  private async ended(tx: EntityManager, who: Who, key: ApiKey): Promise<void> {
    await this.audit.record(tx, who, 'api-keys.revoke', key.id);
    await this.changes.announce(tx, 'key-changed', key.id);
    await this.events.emit(tx, { type: 'key.revoked', userId: key.ownerId, data: told(key) });
  }

  private async hold(tx: EntityManager, { where, called, ifVersion }: Wanted): Promise<ApiKey> {
    const key = await tx.findOne(ApiKey, { where, lock: rowLock(tx) });
    if (!key) throw new NotFound(called);
    if (ifVersion !== undefined && ifVersion !== key.version) throw new StaleVersion(key.version);
    return key;
  }

  private async save(tx: EntityManager, key: ApiKey): Promise<ApiKey> {
    await this.changes.announce(tx, 'key-changed', key.id);
    return tx.save(key);
  }

  /** Admin panels send back what they were given: an instant that stays as it is may lie in the past. */
  private expiry(text: string | null, before: Date | null): Date | null {
    if (text === null) return null;
    const instant = new Date(text);
    if (instant.getTime() !== before?.getTime() && instant <= this.clock.now()) throw new ValidationFailed([{ pointer: '/expiresAt', code: 'future', detail: 'expiresAt must lie in the future.' }]);
    return instant;
  }
}

function describe({ name, scopes, allowedCidrs, requestsPerMinute, expiresAt }: ApiKey): Record<string, unknown> {
  return { name, scopes, allowedCidrs, requestsPerMinute, expiresAt };
}

function told({ id, kind, ownerId, name, scopes }: ApiKey): { id: string; kind: string; ownerId: string | null; name: string; scopes: string[] } {
  return { id, kind, ownerId, name, scopes };
}
