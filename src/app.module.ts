import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AdminModule } from './admin/admin.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ExperimentsModule } from './experiments/experiments.module.js';
import { MessageLogsModule } from './message-logs/message-logs.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { ChangesModule } from './platform/changes/changes.module.js';
import { ClockModule } from './platform/clock/clock.module.js';
import { ConfigModule } from './platform/config/config.module.js';
import { LiveSettingsModule } from './platform/config/live-settings.module.js';
import type { Settings } from './platform/config/settings.js';
import { CryptoModule } from './platform/crypto/crypto.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { IdempotencyModule } from './platform/idempotency/idempotency.module.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { ListsModule } from './platform/lists/lists.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { SCHEMA } from './schema.js';
import { MailModule } from './platform/mail/mail.module.js';
import { StatsModule } from './stats/stats.module.js';
import { StaffModule } from './staff/staff.module.js';
import { StudyModule } from './study/study.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UsageModule } from './usage/usage.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** Every module, lowest first: each may import those above it in this list, never those below. */
@Module({})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        ClockModule,
        CryptoModule,
        DatabaseModule.with(settings, SCHEMA),
        RedisModule,
        HealthModule,
        JobsModule,
        IdempotencyModule,
        ListsModule,
        ChangesModule,
        LiveSettingsModule,
        MailModule,
        AccessModule,
        AuditModule,
        WebhooksModule,
        OperationsModule,
        UsersModule,
        StatsModule,
        ApiKeysModule,
        AuthModule,
        UsageModule,
        MessageLogsModule,
        ExperimentsModule,
        TasksModule,
        StudyModule,
        StaffModule,
        AdminModule,
      ],
    };
  }
}
