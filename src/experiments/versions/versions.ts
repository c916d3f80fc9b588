import { promisify } from 'node:util';
import { deflate, deflateSync, inflateSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Between, EntityManager } from 'typeorm';
import { insertRow } from '../../platform/database/insert-row.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Experiment } from '../experiment.entity.js';
import type { ChangeSet, RowChange } from './change-set.js';
import { ExperimentVersion } from './experiment-version.entity.js';
import { EXPERIMENT, type Kind, keyOf, KINDS, type Plain, plainOf } from './kinds.js';

/** All rows of an experiment at one version, by kind and key. */
export type State = ReadonlyMap<string, ReadonlyMap<string, Plain>>;

const READ_AT_ONCE = 100;
/** Away from the event loop: an import may be 100,000 rows. */
const packing = promisify<string, Buffer>(deflate);

/** Keeps what changed, and tells what any version looked like: today's rows with the later changes undone. */
@Injectable()
export class Versions {
  constructor(@InjectEntityManager() private readonly db: EntityManager) {}

  /** Raises the experiment's version by one and keeps what was changed. */
  async add({ tx, experiment, authorId, now, changes }: ChangeSet, action: string): Promise<void> {
    experiment.version += 1;
    experiment.updatedAt = now;
    await tx.update(Experiment, { id: experiment.id }, { version: experiment.version, updatedAt: now });
    const packed = await packing(JSON.stringify(changes));
    await insertRow(tx, ExperimentVersion, Object.assign(new ExperimentVersion(), { experimentId: experiment.id, number: experiment.version, at: now, authorId, action, rows: changes.length, changes: packed }));
  }

  /** The first version, of an experiment that was made just now. */
  async begin(tx: EntityManager, experiment: Experiment, authorId: string, action: string): Promise<void> {
    const after = plainOf(tx, EXPERIMENT, experiment);
    const packed = deflateSync(JSON.stringify([{ kind: EXPERIMENT.name, key: experiment.id, before: null, after }]));
    await insertRow(tx, ExperimentVersion, Object.assign(new ExperimentVersion(), { experimentId: experiment.id, number: experiment.version, at: experiment.createdAt, authorId, action, rows: 1, changes: packed }));
  }

  async get(experimentId: string, number: number): Promise<ExperimentVersion> {
    const version = await this.db.findOneBy(ExperimentVersion, { experimentId, number });
    if (!version) throw new NotFound('version');
    return version;
  }

  /** @param db a transaction that holds the experiment's lock, or one that reads a single snapshot */
  async stateAt(db: EntityManager, experiment: Experiment, number: number): Promise<State> {
    const state = await this.today(db, experiment);
    for (let high = experiment.version; high > number; high -= READ_AT_ONCE) {
      const low = Math.max(number, high - READ_AT_ONCE);
      const later = await db.find(ExperimentVersion, { where: { experimentId: experiment.id, number: Between(low + 1, high) }, order: { number: 'DESC' } });
      for (const version of later) changesOf(version).toReversed().forEach((change) => undo(state, change));
    }
    return state;
  }

  async today(db: EntityManager, experiment: Experiment): Promise<Map<string, Map<string, Plain>>> {
    const state = new Map<string, Map<string, Plain>>();
    for (const kind of KINDS) state.set(kind.name, await rowsOf(db, kind, experiment));
    return state;
  }
}

export function changesOf({ changes }: ExperimentVersion): RowChange[] {
  return JSON.parse(inflateSync(changes).toString()) as RowChange[];
}

/** What differs, as changes that would make the one of the other. */
export function difference(from: State, to: State): RowChange[] {
  return KINDS.flatMap(({ name }) => {
    const before = from.get(name) ?? new Map<string, Plain>();
    const after = to.get(name) ?? new Map<string, Plain>();
    const keys = [...new Set([...before.keys(), ...after.keys()])];
    const changes = keys.map((key) => ({ kind: name, key, before: before.get(key) ?? null, after: after.get(key) ?? null }));
    return changes.filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
  });
}

async function rowsOf(db: EntityManager, kind: Kind, experiment: Experiment): Promise<Map<string, Plain>> {
  const isItself = kind.name === EXPERIMENT.name;
  const rows = isItself ? [experiment] : await db.find(kind.entity, { where: { experimentId: experiment.id } as never });
  return new Map(rows.map((row) => [keyOf(kind, row), plainOf(db, kind, row)]));
}

function undo(state: Map<string, Map<string, Plain>>, { kind, key, before }: RowChange): void {
  const rows = state.get(kind);
  if (before) rows?.set(key, before);
  else rows?.delete(key);
}
