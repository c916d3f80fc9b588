import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound } from '../../platform/problems/problems.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { NotRestorable } from '../experiments.problems.js';
import type { RowChange } from './change-set.js';
import type { ExperimentVersion } from './experiment-version.entity.js';
import { putBack, type PutBack } from './restore.js';
import { difference, type State, Versions } from './versions.js';
import { VERSIONS_LIST } from './versions.list.js';

/** What any version looked like, what two of them differ in, and the way back. */
@Injectable()
export class VersionsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly versions: Versions,
    private readonly lists: Lists,
  ) {}

  async list(actor: Actor, experimentId: string, wanted: Wanted): Promise<ListPage<ExperimentVersion>> {
    await this.desk.view(actor, experimentId);
    return this.lists.page(VERSIONS_LIST, wanted, { sql: 'experiment_id = ?', values: [experimentId] });
  }

  async read(actor: Actor, experimentId: string, number: number): Promise<{ version: ExperimentVersion; state: State }> {
    const version = await this.found(actor, experimentId, number);
    const state = await this.states(actor, experimentId, [number]);
    return { version, state: state[0]! };
  }

  async compare(actor: Actor, experimentId: string, from: number, to: number): Promise<RowChange[]> {
    await this.found(actor, experimentId, from);
    await this.found(actor, experimentId, to);
    const [before, after] = await this.states(actor, experimentId, [from, to]);
    return difference(before!, after!);
  }

  async restore(actor: Actor, experimentId: string, number: number, ifVersion?: number): Promise<PutBack & { version: number }> {
    try {
      return await this.putBack(actor, experimentId, number, ifVersion);
    } catch (error) {
      if (isDuplicate(error)) throw new NotRestorable();
      throw error;
    }
  }

  private putBack(actor: Actor, experimentId: string, number: number, ifVersion?: number): Promise<PutBack & { version: number }> {
    return this.desk.change(actor, experimentId, { action: 'versions.restore', ifVersion }, async (set) => {
      if (number < 1 || number > set.experiment.version) throw new NotFound('version');
      const [before, now] = [await this.versions.stateAt(set.tx, set.experiment, number), await this.versions.today(set.tx, set.experiment)];
      const done = await putBack(set, difference(now, before));
      return { ...done, version: set.experiment.version + (set.changes.length > 0 ? 1 : 0) };
    });
  }

  private async found(actor: Actor, experimentId: string, number: number): Promise<ExperimentVersion> {
    await this.desk.view(actor, experimentId);
    return this.versions.get(experimentId, number);
  }

  /** Under the experiment's lock, so that rows and versions are those of one moment. */
  private states(actor: Actor, experimentId: string, numbers: readonly number[]): Promise<State[]> {
    return this.db.transaction(async (tx) => {
      const { experiment } = await this.desk.hold(actor, experimentId, tx);
      const states: State[] = [];
      for (const number of numbers) states.push(await this.versions.stateAt(tx, experiment, number));
      return states;
    });
  }
}
