import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { JobHistory } from './job-history.js';
import { JobLock } from './job-lock.js';
import { JobMetrics } from './job-metrics.js';
import { JobStates } from './job-states.js';
import { Jobs } from './jobs.js';

@Global()
@Module({ imports: [ScheduleModule.forRoot()], providers: [JobLock, JobStates, JobMetrics, Jobs, JobHistory], exports: [Jobs, JobLock, JobStates, JobHistory] })
export class JobsModule {}
