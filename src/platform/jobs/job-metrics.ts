import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../health/metrics.js';
import type { JobRun } from './job-run.entity.js';
import { JobStates } from './job-states.js';

/** Runs of this process, and which jobs fail over all instances. */
@Injectable()
export class JobMetrics {
  private readonly runs: Counter<'job' | 'outcome'>;

  constructor({ registry }: Metrics, states: JobStates) {
    this.runs = new Counter({ name: 'provost_job_runs_total', help: 'Runs of scheduled jobs by this process.', labelNames: ['job', 'outcome'], registers: [registry] });
    const failures: Gauge<'job'> = new Gauge({
      name: 'provost_job_failures_in_a_row',
      help: 'How often a job has failed since it last succeeded, over all instances; jobs that do not fail are left out.',
      labelNames: ['job'],
      registers: [registry],
      collect: async () => {
        // Metrics are read most when the database is away.
        const failing = await states.failing().catch(() => undefined);
        if (!failing) return;
        failures.reset();
        for (const state of failing) failures.set({ job: state.name }, state.failures);
      },
    });
  }

  ran({ name, outcome }: JobRun): void {
    this.runs.inc({ job: name, outcome });
  }
}
