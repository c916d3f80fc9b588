import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { LocalDays } from './local-days.js';

@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, LocalDays],
  exports: [Clock, LocalDays],
})
export class ClockModule {}
