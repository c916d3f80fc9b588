import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountStore } from './account-store.js';
import { AccountsService } from './accounts.service.js';
import { ConsumptionService } from './consumption.service.js';
import { DailyReset } from './daily-reset.js';
import { ForwardController } from './forward/forward.controller.js';
import { ForwardService } from './forward/forward.service.js';
import { Holdings } from './holdings.js';
import { IntrospectionController } from './introspection/introspection.controller.js';
import { IntrospectionService } from './introspection/introspection.service.js';
import { Leases } from './leases.js';
import { LimitNews } from './limit-news.js';
import { PersonalUsage } from './personal-usage.js';
import { PlanMoves } from './plan-moves.js';
import { PlanBook } from './plan-book.js';
import { PlanRatesGuard } from './plan-rates.guard.js';
import { PlansService } from './plans.service.js';
import { ReservationsService } from './reservations.service.js';
import { UsageController } from './usage.controller.js';
import { UsageCounts } from './usage-counts.js';
import { UsageReader } from './usage-reader.js';
import { UsersByPlan } from './users-by-plan.js';
import { VerificationController } from './verification.controller.js';
import { VerificationService } from './verification.service.js';

@Module({
  imports: [AuditModule, UsersModule, StatsModule, AuthModule],
  controllers: [UsageController, VerificationController, IntrospectionController, ForwardController],
  providers: [
    PlanBook, PlansService, PlanMoves, AccountStore, AccountsService, Holdings, Leases, ConsumptionService, ReservationsService, UsageReader, LimitNews, UsageCounts, DailyReset,
    VerificationService, IntrospectionService, ForwardService, PersonalUsage, UsersByPlan, { provide: APP_GUARD, useClass: PlanRatesGuard },
  ],
  exports: [AccountsService, ConsumptionService, Holdings, PlansService, PlanMoves, UsageReader, UsersByPlan],
})
export class UsageModule {}
