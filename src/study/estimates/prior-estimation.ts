import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { inBatches } from '../../platform/database/in-batches.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { StudyProfile } from '../sessions/study-profile.entity.js';
import { hyperParameters, LEAST_SESSIONS, momentsOf, type ReaderMoments } from './hyper-parameters.js';
import { logPace, PACE_UNITS, type PaceUnit, START } from './pace-model.js';
import { Paces } from './paces.js';
import { StudyPrior } from './study-prior.entity.js';

/** What all readers together say about one who is new, found anew each night. */
@Injectable()
export class PriorEstimation {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly paces: Paces,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'study.estimate-priors', description: 'finds anew what is expected of readers of whom nothing is known', schedule: CronExpression.EVERY_DAY_AT_3AM, run: () => this.run() });
  }

  async run(): Promise<JobReport> {
    const report: Record<string, number> = {};
    for (const unit of PACE_UNITS) {
      const readers = await this.readers(unit);
      await this.db.save(Object.assign(new StudyPrior(), { unit, ...hyperParameters(readers, START[unit]), readers: readers.length, estimatedAt: this.clock.now() }));
      report[`${unit}-readers`] = readers.length;
    }
    return report;
  }

  private async readers(unit: PaceUnit): Promise<ReaderMoments[]> {
    const readers: ReaderMoments[] = [];
    for await (const { ownerId } of inBatches(this.db, StudyProfile, {}, 'ownerId')) {
      const sessions = await this.paces.sessions(ownerId, unit);
      if (sessions.length >= LEAST_SESSIONS) readers.push(momentsOf(sessions.map(logPace)));
      await breathe();
    }
    return readers;
  }
}
