import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { type Permission, PrincipalKind, SERVICE_KEY_SCOPES, USER_KEY_SCOPES } from '../access/permission.js';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { insertRow } from '../platform/database/insert-row.js';
import { rowLock } from '../platform/database/row-lock.js';
import { Problem } from '../platform/problems/problem.js';
import { NotFound, ValidationFailed } from '../platform/problems/problems.js';
import { StaleVersion } from '../users/users.problems.js';
import { ApiKey } from './api-key.entity.js';
import type { CreateApiKeyDto, UpdateApiKeyDto } from './api-keys.dto.js';
import { issueKey } from './key-format.js';

const MAX_KEYS_PER_USER = 100;

export interface Issued {
  apiKey: ApiKey;
  /** Shown once. */
  key: string;
}

@Injectable()
export class ApiKeysService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
  ) {}

  list(actor: Actor): Promise<ApiKey[]> {
    return this.db.find(ApiKey, { where: { ownerId: actor.id }, order: { id: 'DESC' }, take: MAX_KEYS_PER_USER });
  }

  async get(actor: Actor, id: string): Promise<ApiKey> {
    const key = await this.db.findOneBy(ApiKey, { id, ownerId: actor.id });
    if (!key) throw new NotFound('api-key');
    return key;
  }

  /** Joins the caller's transaction, so that a repeated request finds both the key and its answer, or neither. */
  async create(tx: EntityManager, actor: Actor, request: CreateApiKeyDto): Promise<Issued> {
    if ((await tx.countBy(ApiKey, { ownerId: actor.id })) >= MAX_KEYS_PER_USER) throw new TooManyKeys();
    const apiKey = Object.assign(new ApiKey(), { kind: PrincipalKind.User, ownerId: actor.id, scopes: [...USER_KEY_SCOPES] });
    this.apply(apiKey, request);
    return this.issue(tx, actor, apiKey);
  }

  /** A key for an application; it belongs to no user and acts for those it names. */
  createServiceKey(actor: AuditActor | typeof SYSTEM, name: string, scopes: Permission[]): Promise<Issued> {
    const unknown = scopes.filter((scope) => !SERVICE_KEY_SCOPES.includes(scope));
    if (unknown.length > 0 || scopes.length === 0) throw new WrongScopes(unknown);
    return this.db.transaction((tx) => this.issue(tx, actor, Object.assign(new ApiKey(), { kind: PrincipalKind.Service, name, scopes })));
  }

  update(actor: Actor, id: string, change: UpdateApiKeyDto, ifVersion?: number): Promise<ApiKey> {
    return this.db.transaction((tx) =>
      this.changeWithin(tx, actor, id, ifVersion, async (key) => {
        const before = describe(key);
        this.apply(key, change);
        await this.audit.record(tx, actor, 'api-keys.update', id, { before, after: describe(key) });
      }),
    );
  }

  /** Joins the caller's transaction, as `create` does. */
  async rotate(tx: EntityManager, actor: Actor, id: string, graceSeconds: number): Promise<Issued> {
    const issued = issueKey(this.settings.keyEnvironment, id);
    const apiKey = await this.changeWithin(tx, actor, id, undefined, async (key) => {
      key.rotate(issued, this.clock.now(), graceSeconds);
      await this.audit.record(tx, actor, 'api-keys.rotate', id, { after: { graceSeconds } });
    });
    return { apiKey, key: issued.key };
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.delete(ApiKey, { id, ownerId: actor.id });
      if (affected !== 1) throw new NotFound('api-key');
      await this.ended(tx, actor, id);
    });
  }

  async revokeServiceKey(who: AuditActor | typeof SYSTEM, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.delete(ApiKey, { id, kind: PrincipalKind.Service });
      if (affected !== 1) throw new NotFound('service-key');
      await this.ended(tx, who, id);
    });
  }

  /** All of a user's keys, for good. */
  async revokeAll(tx: EntityManager, who: AuditActor | typeof SYSTEM, ownerId: string): Promise<void> {
    const keys = await tx.find(ApiKey, { where: { ownerId }, select: { id: true } });
    await tx.delete(ApiKey, { ownerId });
    for (const { id } of keys) await this.ended(tx, who, id);
  }

  private async ended(tx: EntityManager, who: AuditActor | typeof SYSTEM, id: string): Promise<void> {
    await this.audit.record(tx, who, 'api-keys.revoke', id);
    await this.changes.announce(tx, 'key-changed', id);
  }

  private async issue(tx: EntityManager, actor: AuditActor | typeof SYSTEM, apiKey: ApiKey): Promise<Issued> {
    const issued = issueKey(this.settings.keyEnvironment, apiKey.id);
    apiKey.take(issued);
    apiKey.createdAt = this.clock.now();
    apiKey.version = 1;
    await insertRow(tx, ApiKey, apiKey);
    await this.audit.record(tx, actor, 'api-keys.create', apiKey.id, { after: describe(apiKey) });
    return { apiKey, key: issued.key };
  }

  private async changeWithin(tx: EntityManager, actor: Actor, id: string, ifVersion: number | undefined, apply: (key: ApiKey) => Promise<void>): Promise<ApiKey> {
    const key = await tx.findOne(ApiKey, { where: { id, ownerId: actor.id }, lock: rowLock(tx) });
    if (!key) throw new NotFound('api-key');
    if (ifVersion !== undefined && ifVersion !== key.version) throw new StaleVersion(key.version);
    await apply(key);
    await this.changes.announce(tx, 'key-changed', id);
    return tx.save(key);
  }

  private apply(key: ApiKey, { name, scopes, expiresAt, allowedCidrs, rateLimit }: UpdateApiKeyDto): void {
    if (name !== undefined) key.name = name;
    if (scopes !== undefined) key.scopes = scopes;
    if (allowedCidrs !== undefined) key.allowedCidrs = allowedCidrs;
    if (rateLimit !== undefined) key.requestsPerMinute = rateLimit;
    if (expiresAt !== undefined) key.expiresAt = this.futureInstant(expiresAt);
  }

  private futureInstant(text: string | null): Date | null {
    if (text === null) return null;
    const instant = new Date(text);
    if (instant <= this.clock.now()) throw new ValidationFailed([{ pointer: '/expiresAt', code: 'future', detail: 'expiresAt must lie in the future.' }]);
    return instant;
  }
}

function describe({ name, scopes, allowedCidrs, requestsPerMinute, expiresAt }: ApiKey): Record<string, unknown> {
  return { name, scopes, allowedCidrs, requestsPerMinute, expiresAt };
}

class TooManyKeys extends Problem {
  constructor() {
    super('rule-broken', 'api-keys.too-many', `A user may have ${MAX_KEYS_PER_USER} API keys; delete one that is no longer used.`);
  }
}

class WrongScopes extends Problem {
  constructor(unknown: string[]) {
    super('malformed', 'api-keys.wrong-scopes', `${unknown.length > 0 ? `Unknown scopes: ${unknown.join(', ')}. ` : ''}A service key takes: ${SERVICE_KEY_SCOPES.join(', ')}.`);
  }
}
