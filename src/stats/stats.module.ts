import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { Backfill } from './backfill.js';
import { PassingCounts } from './passing-counts.js';
import { PersonalStats } from './personal-stats.js';
import { StatsFold } from './stats-fold.js';
import { StatsReader } from './stats-reader.js';
import { StatsRetention } from './stats-retention.js';
import { Stats } from './stats.service.js';
import { UserCounts } from './user-counts.js';

@Module({
  imports: [UsersModule],
  providers: [Stats, Backfill, PassingCounts, UserCounts, StatsRetention, StatsFold, StatsReader, PersonalStats],
  exports: [Stats, Backfill, PassingCounts, StatsReader],
})
export class StatsModule {}
