import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { PrincipalKind, USER_KEY_SCOPES } from '../access/permission.js';
import { Problem } from '../platform/problems/problem.js';
import { NotFound } from '../platform/problems/problems.js';
import { ApiKey } from './api-key.entity.js';
import type { CreateApiKeyDto, UpdateApiKeyDto } from './api-keys.dto.js';
import { type Issued, IssuedKeys, type Wanted, type Who } from './issued-keys.js';

const MAX_KEYS_PER_USER = 100;

/** Keys of users, which act as their owner. */
@Injectable()
export class ApiKeysService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly keys: IssuedKeys,
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
    this.keys.apply(apiKey, request);
    return this.keys.issue(tx, actor, apiKey);
  }

  update(actor: Actor, id: string, change: UpdateApiKeyDto, ifVersion?: number): Promise<ApiKey> {
    return this.db.transaction((tx) => this.keys.update(tx, actor, { ...own(actor, id), ifVersion }, change));
  }

  /** Joins the caller's transaction, as `create` does. */
  rotate(tx: EntityManager, actor: Actor, id: string, graceSeconds: number): Promise<Issued> {
    return this.keys.rotate(tx, actor, own(actor, id), graceSeconds);
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    await this.db.transaction((tx) => this.keys.revoke(tx, actor, own(actor, id)));
  }

  /** All of a user's keys, for good. */
  revokeAll(tx: EntityManager, who: Who, ownerId: string): Promise<void> {
    return this.keys.revokeAll(tx, who, ownerId);
  }
}

function own(actor: Actor, id: string): Wanted {
  return { where: { id, ownerId: actor.id }, called: 'api-key' };
}

class TooManyKeys extends Problem {
  constructor() {
    super('rule-broken', 'api-keys.too-many', `A user may have ${MAX_KEYS_PER_USER} API keys; delete one that is no longer used.`);
  }
}
