import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { JobLock } from './job-lock.js';
import { Jobs } from './jobs.js';

@Global()
@Module({ imports: [ScheduleModule.forRoot()], providers: [JobLock, Jobs], exports: [Jobs, JobLock] })
export class JobsModule {}
