import { hostname } from 'node:os';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { CronJob, CronTime } from 'cron';
import { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Settings } from '../config/settings.js';
import { isDatabaseAway } from '../database/failures.js';
import { insertRow } from '../database/insert-row.js';
import { Problem } from '../problems/problem.js';
import { shortError } from './job-error.js';
import { JobLock } from './job-lock.js';
import { JobMetrics } from './job-metrics.js';
import { type JobCause, JobOutcome, JobRun } from './job-run.entity.js';
import { JobStates } from './job-states.js';

/** A run as those may see it who do not own its table. */
export type RunOfJob = Readonly<JobRun>;

export type JobReport = Record<string, number | string>;

export interface JobDefinition {
  /** `module.what-it-does`. */
  readonly name: string;
  readonly description: string;
  /** A cron expression with seconds, in UTC. */
  readonly schedule: string;
  run(): Promise<JobReport>;
}

/** Joins the transaction that records the beginning of a run. */
type Begun = (tx: EntityManager, run: JobRun) => Promise<void>;

interface Attempt {
  readonly run: JobRun;
  /** What it threw, if it failed. */
  readonly error?: unknown;
}

const LOOK_FOR_RETRIES_MS = 10_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;
const INSTANCE = `${hostname()}:${process.pid}`.slice(-128);

/**
 * Every scheduled job of the service: on time, once across instances, each run recorded. One that failed is tried again
 * after a minute, then two, four and so on, unless its schedule comes first.
 */
@Injectable()
export class Jobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Jobs.name);
  private readonly definitions = new Map<string, JobDefinition>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly settings: Settings,
    private readonly scheduler: SchedulerRegistry,
    private readonly lock: JobLock,
    private readonly states: JobStates,
    private readonly metrics: JobMetrics,
    private readonly clock: Clock,
    @InjectEntityManager() private readonly db: EntityManager,
  ) {}

  define(job: JobDefinition): void {
    this.definitions.set(job.name, job);
  }

  list(): JobDefinition[] {
    return [...this.definitions.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  get(name: string): JobDefinition {
    const job = this.definitions.get(name);
    if (!job) throw new UnknownJob(name, this.list().map((known) => known.name));
    return job;
  }

  /** When the schedule wants it next. */
  nextOf({ schedule }: JobDefinition): Date {
    return new CronTime(schedule, 'UTC').getNextDateFrom(this.clock.now(), 'UTC').toJSDate();
  }

  onApplicationBootstrap(): void {
    if (!this.settings.jobsEnabled) return;
    for (const job of this.definitions.values()) this.schedule(job);
    this.timer = setInterval(() => void this.retryDue(), LOOK_FOR_RETRIES_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Runs a job now. Answers undefined when it is already running, here or in another instance; throws what it throws. */
  async run(name: string): Promise<JobRun | undefined> {
    const attempt = await this.attempt(name, 'request');
    if (attempt?.run.outcome === JobOutcome.Failed) throw attempt.error;
    return attempt?.run;
  }

  /** As `run`, but a failure is an outcome like any other. */
  attempt(name: string, cause: JobCause, begun?: Begun): Promise<Attempt | undefined> {
    const job = this.get(name);
    return this.lock.once(name, () => this.carryOut(job, cause, begun));
  }

  /** Its time has come, as it has in every other instance: the first to say so runs it. */
  async runScheduled(name: string, slot: Date): Promise<boolean> {
    const isOurs = await this.states.claimSlot(name, slot);
    if (isOurs) await this.attempt(name, 'schedule');
    return isOurs;
  }

  /** Tries again what failed and is due; answers what this instance took on. */
  async retryDue(): Promise<string[]> {
    try {
      const names = (await this.states.claimRetries(this.clock.now())).filter((name) => this.definitions.has(name));
      for (const name of names) await this.attempt(name, 'retry');
      return names;
    } catch (error) {
      if (!isDatabaseAway(error)) this.logger.error(`Failed jobs cannot be tried again: ${String(error)}`);
      return [];
    }
  }

  private schedule(job: JobDefinition): void {
    const cron: CronJob = CronJob.from({ cronTime: job.schedule, timeZone: 'UTC', onTick: () => this.tick(job.name, turn()) });
    let due = cron.nextDate().toJSDate();
    // The instant of the schedule, not of the timer: all instances must name the same one, however their clocks differ.
    const turn = (): Date => {
      const slot = due;
      due = cron.nextDate().toJSDate();
      return slot;
    };
    this.scheduler.addCronJob(job.name, cron);
    cron.start();
  }

  private async tick(name: string, slot: Date): Promise<void> {
    try {
      await this.runScheduled(name, slot);
    } catch (error) {
      this.logger.error(`Job ${name} could not begin: ${String(error)}`);
    }
  }

  private async carryOut(job: JobDefinition, cause: JobCause, begun?: Begun): Promise<Attempt> {
    const run = Object.assign(new JobRun(), { name: job.name, cause, instance: INSTANCE, startedAt: this.clock.now() });
    const started = performance.now();
    await this.db.transaction(async (tx) => {
      await insertRow(tx, JobRun, run);
      await this.states.began(tx, job.name, run.id, run.startedAt);
      await begun?.(tx, run);
    });
    try {
      run.report = await job.run();
      await this.end(run, started, JobOutcome.Succeeded);
      return { run };
    } catch (error) {
      this.logger.error(`Job ${job.name} failed: ${String(error)}`);
      run.error = shortError(error);
      await this.end(run, started, JobOutcome.Failed);
      return { run, error };
    }
  }

  private async end(run: JobRun, started: number, outcome: JobOutcome): Promise<void> {
    Object.assign(run, { outcome, durationMs: Math.round(performance.now() - started), finishedAt: this.clock.now() });
    this.metrics.ran(run);
    await this.db.save(run);
    if (outcome === JobOutcome.Succeeded) await this.states.succeeded(run.name);
    else await this.states.failed(run.name, (failures) => this.retryAt(this.get(run.name), failures));
  }

  private retryAt(job: JobDefinition, failures: number): Date | null {
    const at = this.clock.millis() + Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    return at < this.nextOf(job).getTime() ? new Date(at) : null;
  }
}

export class UnknownJob extends Problem {
  constructor(name: string, known: string[]) {
    super('not-found', 'job.not-found', `There is no job "${name.slice(0, 64)}". Known: ${known.join(', ')}.`);
  }
}
