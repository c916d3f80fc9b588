import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual, MoreThan } from 'typeorm';
import { Sql } from '../database/sql.js';
import { JobState } from './job-state.entity.js';

/** What instances agree on: who takes a scheduled run, how often a job has failed, when it is tried again. */
@Injectable()
export class JobStates {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
  ) {}

  /** True for one instance alone: it runs the job for this instant of the schedule. */
  async claimSlot(name: string, slot: Date): Promise<boolean> {
    await this.ensure(name);
    const { affected } = await this.sql.execute('UPDATE job_states SET slot = ? WHERE name = ? AND (slot IS NULL OR slot < ?)', [slot, name, slot]);
    return affected === 1;
  }

  /** Jobs whose retry is due, each answered to one instance alone. */
  async claimRetries(now: Date): Promise<string[]> {
    const due = await this.db.findBy(JobState, { retryAt: LessThanOrEqual(now) });
    const claimed: string[] = [];
    for (const { name, retryAt } of due) {
      const { affected } = await this.sql.execute('UPDATE job_states SET retry_at = NULL WHERE name = ? AND retry_at = ?', [name, retryAt!]);
      if (affected === 1) claimed.push(name);
    }
    return claimed;
  }

  /** Called by whoever holds the job's lock, hence a row that still says `running` is of a process that died. */
  async began(tx: EntityManager, name: string, runId: string, now: Date): Promise<void> {
    const state = await tx.findOneBy(JobState, { name });
    if (state?.lastRunId) await tx.query("UPDATE job_runs SET outcome = 'failed', error = 'Its process ended before it did.', finished_at = started_at WHERE id = ? AND outcome = 'running'", [state.lastRunId]);
    await tx.save(Object.assign(state ?? Object.assign(new JobState(), { name }), { lastRunId: runId, retryAt: state?.retryAt && state.retryAt <= now ? null : (state?.retryAt ?? null) }));
  }

  async succeeded(name: string): Promise<void> {
    await this.db.update(JobState, { name }, { failures: 0, retryAt: null });
  }

  /** @param retryAt when to try again after so many failures in a row */
  async failed(name: string, retryAt: (failures: number) => Date | null): Promise<void> {
    const failures = ((await this.db.findOneBy(JobState, { name }))?.failures ?? 0) + 1;
    await this.db.update(JobState, { name }, { failures, retryAt: retryAt(failures) });
  }

  async all(): Promise<Map<string, JobState>> {
    return new Map((await this.db.find(JobState)).map((state) => [state.name, state]));
  }

  /** How often each failing job has failed in a row. */
  async failing(): Promise<JobState[]> {
    return this.db.findBy(JobState, { failures: MoreThan(0) });
  }

  private async ensure(name: string): Promise<void> {
    await this.sql.execute(`${this.sql.dialect.insertIgnore} job_states (name, failures) VALUES (?, 0)`, [name]);
  }
}
