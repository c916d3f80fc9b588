import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { Experiment } from '../experiment.entity.js';
import { ExperimentsDesk, type Opened } from '../experiments-desk.js';
import { keyed } from '../experiments.service.js';
import { ChangeSet } from '../versions/change-set.js';
import { Versions } from '../versions/versions.js';
import { Events } from '../../webhooks/events.js';
import type { ExperimentFileDto } from './experiment-file.dto.js';
import { fileOf } from './file-of.js';
import { readFile } from './read-file.js';
import { writeFile } from './write-file.js';

export interface Duplicate {
  readonly title?: string | undefined;
  /** Whether what was measured comes along. */
  readonly results?: boolean | undefined;
}

const LONGEST_TITLE = 200;
const COPY = ' (copy)';

/** Experiments as files, and files as new experiments of whoever brings them. */
@Injectable()
export class CopiesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly versions: Versions,
    private readonly idempotency: Idempotency,
    private readonly events: Events,
  ) {}

  async export(actor: Actor, id: string): Promise<ExperimentFileDto> {
    const { format, ...content } = await this.db.transaction(async (tx) => fileOf(tx, (await this.desk.hold(actor, id, tx)).experiment));
    return { format, exportedAt: this.clock.now().toISOString(), ...content };
  }

  async import<T extends object>(actor: Actor, body: unknown, answer: (opened: Opened) => T, repeat?: IdempotentRequest): Promise<T> {
    const file = await readFile(body);
    return this.idempotency.inTransaction(repeat, async (tx) => answer(await this.write(tx, actor, file, 'experiments.import')));
  }

  /** Whoever sees an experiment may have a copy of it. */
  duplicate<T extends object>(actor: Actor, id: string, { title, results = true }: Duplicate, answer: (opened: Opened) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const { experiment } = await this.desk.hold(actor, id, tx);
      const file = await fileOf(tx, experiment);
      const named = { ...file, experiment: { ...file.experiment, title: title ?? experiment.title.slice(0, LONGEST_TITLE - COPY.length) + COPY } };
      return answer(await this.write(tx, actor, results ? named : plannedAnew(named), 'experiments.duplicate'));
    });
  }

  private async write(tx: EntityManager, actor: Actor, file: ExperimentFileDto, action: string): Promise<Opened> {
    const now = this.clock.now();
    const experiment = Object.assign(new Experiment(), keyed(file.experiment), { ownerId: actor.id, createdAt: now, updatedAt: now });
    await insertRow(tx, Experiment, experiment);
    await this.versions.begin(tx, experiment, actor.id, action);
    const set = new ChangeSet(tx, experiment, actor.id, now);
    await writeFile(set, file);
    if (set.changes.length > 0) await this.versions.add(set, action);
    await this.events.emit(tx, { type: 'experiment.created', userId: actor.id, data: { id: experiment.id, ownerId: actor.id } });
    return { experiment, role: 'owner' };
  }
}

function plannedAnew(file: ExperimentFileDto): ExperimentFileDto {
  const runs = file.runs.map((run) => ({ ...run, status: 'planned' as const, note: null, actual: {} }));
  return { ...file, experiment: { ...file.experiment, status: 'draft' }, runs, results: [] };
}
