import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { CronJob } from 'cron';
import { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Settings } from '../config/settings.js';
import { insertRow } from '../database/insert-row.js';
import { Problem } from '../problems/problem.js';
import { JobLock } from './job-lock.js';
import { JobOutcome, JobRun } from './job-run.entity.js';

export type JobReport = Record<string, number | string>;

export interface JobDefinition {
  /** `module.what-it-does`. */
  readonly name: string;
  readonly description: string;
  /** A cron expression with seconds, in UTC. */
  readonly schedule: string;
  run(): Promise<JobReport>;
}

/** Every scheduled job of the service: on time, once across instances, each run recorded. */
@Injectable()
export class Jobs implements OnApplicationBootstrap {
  private readonly logger = new Logger(Jobs.name);
  private readonly definitions = new Map<string, JobDefinition>();

  constructor(
    private readonly settings: Settings,
    private readonly scheduler: SchedulerRegistry,
    private readonly lock: JobLock,
    private readonly clock: Clock,
    @InjectEntityManager() private readonly db: EntityManager,
  ) {}

  define(job: JobDefinition): void {
    this.definitions.set(job.name, job);
  }

  list(): JobDefinition[] {
    return [...this.definitions.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  onApplicationBootstrap(): void {
    if (!this.settings.jobsEnabled) return;
    for (const job of this.definitions.values()) {
      const cron = CronJob.from({ cronTime: job.schedule, timeZone: 'UTC', onTick: () => this.tick(job.name) });
      this.scheduler.addCronJob(job.name, cron);
      cron.start();
    }
  }

  /** Runs a job now. Answers undefined when it is already running, here or in another instance. */
  run(name: string): Promise<JobRun | undefined> {
    const job = this.definitions.get(name);
    if (!job) throw new UnknownJob(name, this.list().map((known) => known.name));
    return this.lock.once(name, () => this.record(job));
  }

  private async tick(name: string): Promise<void> {
    try {
      await this.run(name);
    } catch (error) {
      this.logger.error(`Job ${name} failed: ${String(error)}`);
    }
  }

  private async record(job: JobDefinition): Promise<JobRun> {
    const run = Object.assign(new JobRun(), { name: job.name, startedAt: this.clock.now() });
    const started = performance.now();
    await insertRow(this.db, JobRun, run);
    try {
      run.report = await job.run();
      run.outcome = JobOutcome.Succeeded;
    } catch (error) {
      run.report = { error: String(error) };
      run.outcome = JobOutcome.Failed;
      throw error;
    } finally {
      run.durationMs = Math.round(performance.now() - started);
      run.finishedAt = this.clock.now();
      await this.db.save(run);
    }
    return run;
  }
}

export class UnknownJob extends Problem {
  constructor(name: string, known: string[]) {
    super('not-found', 'job.not-found', `There is no job "${name}". Known: ${known.join(', ')}.`);
  }
}
