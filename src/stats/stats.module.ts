import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { PassingCounts } from './passing-counts.js';
import { PersonalStats } from './personal-stats.js';
import { StatsFold } from './stats-fold.js';
import { StatsReader } from './stats-reader.js';
import { StatsRetention } from './stats-retention.js';
import { Stats } from './stats.service.js';
import { UserCounts } from './user-counts.js';

@Module({
  imports: [UsersModule],
  providers: [Stats, PassingCounts, UserCounts, StatsRetention, StatsFold, StatsReader, PersonalStats],
  exports: [Stats, PassingCounts, StatsReader],
})
export class StatsModule {}
