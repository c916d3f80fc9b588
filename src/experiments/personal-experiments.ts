import { types } from 'node:util';
import { inflateSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { EntityManager, EntityMetadata } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { Experiment } from './experiment.entity.js';
import { PARTS } from './experiment-removal.js';
import { ExperimentShare } from './sharing/experiment-share.entity.js';

const BATCH = 500;

/** What this module holds about a user: all of their experiments, and with whom others share theirs. */
@Injectable()
export class PersonalExperiments {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    data: PersonalData,
  ) {
    data.register({
      path: 'experiments.ndjson',
      about: 'Your experiments with all that is in them, each behind its own line, and those of others that you may see.',
      tables: [Experiment, ...PARTS].map((entity) => db.dataSource.getMetadata(entity).tableName),
      rows: (userId) => this.rows(userId),
    });
  }

  private async *rows(userId: string): AsyncGenerator<object> {
    for await (const experiment of inBatches(this.db, Experiment, { ownerId: userId }, 'id')) {
      yield { record: 'experiment', ...experiment };
      for (const part of PARTS) yield* this.partsOf(this.db.dataSource.getMetadata(part), experiment.id);
    }
    for (const { experimentId, role, createdAt } of await this.db.findBy(ExperimentShare, { userId })) yield { record: 'shared-with-you', experimentId, role, createdAt };
  }

  /** All columns: nothing in an experiment is kept from whom it belongs to. */
  private async *partsOf(metadata: EntityMetadata, experimentId: string): AsyncGenerator<object> {
    const record = metadata.tableName.replace(/^experiment_/, '').replaceAll('_', '-').replace(/s$/, '');
    const key = metadata.primaryColumns.map(({ propertyName }) => propertyName);
    for (let last: Record<string, unknown> | undefined; ; ) {
      const query = this.db.createQueryBuilder<Record<string, unknown>>(metadata.target, 'part').where('part.experimentId = :experimentId', { experimentId });
      if (last) query.andWhere(behind(key), last);
      for (const column of key) query.addOrderBy(`part.${column}`);
      const batch = await query.limit(BATCH).getMany();
      for (const row of batch) yield { record, ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readable(value)])) };
      if (batch.length < BATCH) return;
      last = batch.at(-1)!;
    }
  }
}

/** Of two columns: those with a larger first, or the same first and a larger second. */
function behind([first, second]: readonly string[]): string {
  return second === undefined ? `part.${first} > :${first}` : `(part.${first} > :${first} OR (part.${first} = :${first} AND part.${second} > :${second}))`;
}

/** Versions and models keep the bulk of what they say as deflated JSON; the engines give bytes in views and buffers of their own. */
function readable(value: unknown): unknown {
  const isBytes = ArrayBuffer.isView(value) || types.isArrayBuffer(value);
  return isBytes ? (JSON.parse(inflateSync(value as Uint8Array).toString()) as unknown) : value;
}
