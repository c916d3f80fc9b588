import { setTimeout as after } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Jobs, type RunOfJob } from '../../platform/jobs/jobs.js';
import { Problem } from '../../platform/problems/problem.js';

const WAITED_FOR_MS = 5000;

/** Runs jobs for admins. */
@Injectable()
export class JobsDeskService {
  constructor(
    private readonly jobs: Jobs,
    private readonly audit: AuditService,
  ) {}

  /** Answers how the run ended, or after some seconds that it goes on. */
  async run(actor: Actor, name: string): Promise<RunOfJob> {
    let begun: RunOfJob | undefined;
    const running = this.jobs.attempt(name, 'request', async (tx, run) => {
      await this.audit.record(tx, actor, 'jobs.run', name, { after: { run: run.id } });
      begun = run;
    });
    // Once it goes on without us, its failure is told by its row.
    running.catch(() => undefined);
    await Promise.race([running, after(WAITED_FOR_MS, undefined, { ref: false })]);
    if (begun) return begun;
    const attempt = await running;
    if (!attempt) throw new JobRunning(name);
    return attempt.run;
  }
}

class JobRunning extends Problem {
  constructor(name: string) {
    super('conflict', 'job.running', `Job ${name} is running already.`);
  }
}
