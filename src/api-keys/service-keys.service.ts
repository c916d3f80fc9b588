import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { ADMIN_PERMISSIONS, type Permission, PrincipalKind, SERVICE_KEY_SCOPES } from '../access/permission.js';
import type { SYSTEM } from '../audit/audit.service.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted as WantedPage } from '../platform/lists/wanted.js';
import { Problem } from '../platform/problems/problem.js';
import { Forbidden, NotFound } from '../platform/problems/problems.js';
import { ApiKey } from './api-key.entity.js';
import { type Issued, IssuedKeys, type KeyTerms, type Wanted } from './issued-keys.js';
import { SERVICE_KEYS_LIST } from './service-keys.list.js';

export type ServiceKeyTerms = Omit<KeyTerms, 'name' | 'scopes'> & { name: string; scopes: Permission[] };
/** A service key as other modules know it. */
export type ServiceKeyRecord = Readonly<ApiKey>;
type Author = Actor | typeof SYSTEM;

const OF_SERVICES = { sql: 'owner_id IS NULL', values: [] };

/** Keys of applications, which belong to no user and act for those they name. */
@Injectable()
export class ServiceKeysService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly keys: IssuedKeys,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
  ) {}

  list(wanted: WantedPage): Promise<ListPage<ServiceKeyRecord>> {
    return this.lists.page(SERVICE_KEYS_LIST, wanted, OF_SERVICES);
  }

  all(): Promise<ServiceKeyRecord[]> {
    return this.db.find(ApiKey, { where: { ownerId: IsNull() }, order: { id: 'ASC' } });
  }

  async get(id: string): Promise<ServiceKeyRecord> {
    const key = await this.db.findOneBy(ApiKey, { id, ownerId: IsNull() });
    if (!key) throw new NotFound('service-key');
    return key;
  }

  create<T extends object>(author: Author, terms: ServiceKeyTerms, answer: (issued: Issued) => T, repeat?: IdempotentRequest): Promise<T> {
    demandKnown(terms.scopes);
    demandHeld(author, terms.scopes);
    const apiKey = Object.assign(new ApiKey(), { kind: PrincipalKind.Service });
    this.keys.apply(apiKey, terms);
    return this.idempotency.inTransaction(repeat, async (tx) => answer(await this.keys.issue(tx, author, apiKey)));
  }

  update(author: Author, id: string, change: Partial<ServiceKeyTerms>, ifVersion?: number): Promise<ServiceKeyRecord> {
    if (change.scopes) demandKnown(change.scopes);
    const allows = ({ scopes }: ApiKey): void => demandHeld(author, (change.scopes ?? []).filter((scope) => !scopes.includes(scope)));
    return this.db.transaction((tx) => this.keys.update(tx, author, { ...service(id), ifVersion }, change, allows));
  }

  /** Whoever rotates a key holds it: so it can be only one that they could have made. */
  rotate<T extends object>(author: Author, id: string, graceSeconds: number, answer: (issued: Issued) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => answer(await this.keys.rotate(tx, author, service(id), graceSeconds, ({ scopes }) => demandHeld(author, scopes))));
  }

  revoke(author: Author, id: string, ifVersion?: number): Promise<ServiceKeyRecord> {
    return this.db.transaction((tx) => this.keys.revoke(tx, author, { ...service(id), ifVersion }));
  }
}

function service(id: string): Wanted {
  return { where: { id, ownerId: IsNull() }, called: 'service-key' };
}

function demandKnown(scopes: readonly Permission[]): void {
  const unknown = scopes.filter((scope) => !SERVICE_KEY_SCOPES.includes(scope));
  if (unknown.length > 0 || scopes.length === 0) throw new WrongScopes(unknown);
}

/** A key must not become a way round what its maker may do: where a scope is also a permission of admins, the maker holds it. */
function demandHeld(author: Author, scopes: readonly Permission[]): void {
  if (!('permissions' in author)) return;
  const missing = scopes.filter((scope) => ADMIN_PERMISSIONS.includes(scope) && !author.permissions.has(scope));
  if (missing.length > 0) throw new ScopesNotHeld(missing);
}

class WrongScopes extends Problem {
  constructor(unknown: string[]) {
    super('malformed', 'api-keys.wrong-scopes', `${unknown.length > 0 ? `Unknown scopes: ${unknown.join(', ')}. ` : ''}A service key takes: ${SERVICE_KEY_SCOPES.join(', ')}.`);
  }
}

class ScopesNotHeld extends Forbidden {
  constructor(scopes: readonly Permission[]) {
    super(`A key of yours can have only those scopes that you hold as permissions yourself, not: ${scopes.join(', ')}.`, 'service-keys.scopes-not-held');
  }
}
