import type { JobView } from '../../platform/jobs/job-history.js';
import type { RunOfJob } from '../../platform/jobs/jobs.js';

export class JobRunDto {
  id!: string;
  /** The name of the job. */
  job!: string;
  /** Why it ran: its time had come, it had failed before, or somebody asked. */
  cause!: 'schedule' | 'retry' | 'request';
  outcome!: 'running' | 'succeeded' | 'failed';
  startedAt!: string;
  finishedAt!: string | null;
  durationMs!: number | null;
  /** What it did, in numbers. */
  counts!: Record<string, unknown> | null;
  /** Why it failed; the log has more. */
  error!: string | null;
  /** Host and process that ran it. */
  instance!: string | null;

  static of({ id, name, cause, outcome, startedAt, finishedAt, durationMs, report, error, instance }: RunOfJob): JobRunDto {
    return { id, job: name, cause, outcome, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null, durationMs, counts: report, error, instance };
  }
}

export class JobDto {
  /** Its name, once more. */
  id!: string;
  /** @example 'audit.checkpoint' */
  name!: string;
  description!: string;
  /** A cron expression with seconds, in UTC. */
  schedule!: string;
  /** Of the last run; null before the first. */
  outcome!: 'running' | 'succeeded' | 'failed' | null;
  lastStart!: string | null;
  lastEnd!: string | null;
  durationMs!: number | null;
  counts!: Record<string, unknown> | null;
  error!: string | null;
  /** Host and process of the last run. */
  instance!: string | null;
  /** Failed runs since the last one that succeeded. */
  failures!: number;
  /** When its schedule wants it next. */
  next!: string;
  /** When it is tried again after a failure, if that is before `next`. */
  retryAt!: string | null;

  static of({ id, description, schedule, failures, next, retryAt, last }: JobView): JobDto {
    return {
      id, name: id, description, schedule, outcome: last?.outcome ?? null, lastStart: last?.startedAt.toISOString() ?? null, lastEnd: last?.finishedAt?.toISOString() ?? null,
      durationMs: last?.durationMs ?? null, counts: last?.report ?? null, error: last?.error ?? null, instance: last?.instance ?? null,
      failures, next: next.toISOString(), retryAt: retryAt?.toISOString() ?? null,
    };
  }
}
