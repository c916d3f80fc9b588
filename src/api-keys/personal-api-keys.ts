import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { ApiKey } from './api-key.entity.js';

/** What this module holds about a user. */
@Injectable()
export class PersonalApiKeys {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register({ path: 'api-keys.json', about: 'Your API keys, but for the keys themselves, of which only hashes are kept.', tables: ['api_keys'], rows: (id) => this.keys(id) });
    erasure.register(new OwnedRows(sql, 'api_keys', 'owner_id'));
  }

  private async *keys(ownerId: string): AsyncGenerator<object> {
    for await (const key of inBatches(this.db, ApiKey, { ownerId }, 'id')) {
      const { id, name, hint, scopes, allowedCidrs, requestsPerMinute, expiresAt, lastUsedAt, createdAt } = key;
      yield { id, name, hint, scopes, allowedCidrs, requestsPerMinute, expiresAt, lastUsedAt, createdAt };
    }
  }
}
