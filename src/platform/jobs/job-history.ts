import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { CronExpression } from '@nestjs/schedule';
import { EntityManager, In } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Sql } from '../database/sql.js';
import type { Listing } from '../lists/listing.js';
import { pageOf } from '../lists/in-memory.js';
import { type ListPage, Lists } from '../lists/lists.js';
import type { Wanted } from '../lists/wanted.js';
import { JobRun } from './job-run.entity.js';
import { type JobDefinition, Jobs } from './jobs.js';
import { JobStates } from './job-states.js';

/** A job as it stands: its definition, its last run, and when it runs again. */
export class JobView {
  /** Its name. */
  id!: string;
  description!: string;
  schedule!: string;
  outcome!: string | null;
  lastStart!: Date | null;
  failures!: number;
  next!: Date;
  retryAt!: Date | null;
  last!: JobRun | undefined;
}

export const JOBS_LIST: Listing<JobView> = {
  resource: 'jobs',
  entity: JobView,
  sorts: { lastStart: { kind: 'instant' }, next: { kind: 'instant' }, failures: { kind: 'number' } },
  filters: { outcome: { kind: 'word', words: ['running', 'succeeded', 'failed'] }, failures: { kind: 'number' }, lastStart: { kind: 'instant' }, next: { kind: 'instant' } },
};

export const JOB_RUNS_LIST: Listing<JobRun> = {
  resource: 'runs',
  entity: JobRun,
  sorts: { startedAt: { kind: 'instant' } },
  defaultSort: '-startedAt',
  filters: { outcome: { kind: 'word', words: ['running', 'succeeded', 'failed'] }, cause: { kind: 'word', words: ['schedule', 'retry', 'request'] }, startedAt: { kind: 'instant' } },
};

const KEPT_MS = 14 * 86_400_000;
const PURGED_AT_ONCE = 1000;

/** What jobs there are and how their runs ended. */
@Injectable()
export class JobHistory {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly lists: Lists,
    private readonly clock: Clock,
    private readonly states: JobStates,
    private readonly jobs: Jobs,
  ) {
    jobs.define({ name: 'jobs.purge', description: 'forgets runs of jobs from more than 14 days ago', schedule: CronExpression.EVERY_DAY_AT_5AM, run: () => this.purge() });
  }

  async list(wanted: Wanted): Promise<ListPage<JobView>> {
    return pageOf(await this.views(this.jobs.list()), JOBS_LIST, wanted);
  }

  async get(name: string): Promise<JobView> {
    const [view] = await this.views([this.jobs.get(name)]);
    return view!;
  }

  runs(name: string, wanted: Wanted): Promise<ListPage<JobRun>> {
    return this.lists.page(JOB_RUNS_LIST, wanted, { sql: 'name = ?', values: [this.jobs.get(name).name] });
  }

  private async views(jobs: readonly JobDefinition[]): Promise<JobView[]> {
    const states = await this.states.all();
    const runIds = jobs.flatMap(({ name }) => states.get(name)?.lastRunId ?? []);
    const runs = new Map((await this.db.findBy(JobRun, { id: In(runIds) })).map((run) => [run.name, run]));
    return jobs.map((job) => {
      const [state, last] = [states.get(job.name), runs.get(job.name)];
      const { description, schedule } = job;
      return { id: job.name, description, schedule, outcome: last?.outcome ?? null, lastStart: last?.startedAt ?? null, failures: state?.failures ?? 0, next: this.jobs.nextOf(job), retryAt: state?.retryAt ?? null, last };
    });
  }

  private async purge(): Promise<{ removed: number }> {
    const before = new Date(this.clock.millis() - KEPT_MS);
    let removed = 0;
    for (const { name } of this.jobs.list()) {
      for (let some = PURGED_AT_ONCE; some === PURGED_AT_ONCE; removed += some) {
        some = (await this.sql.execute(this.sql.dialect.deleteSome('job_runs', 'name = ? AND started_at < ?', PURGED_AT_ONCE), [name, before])).affected;
      }
    }
    return { removed };
  }
}
