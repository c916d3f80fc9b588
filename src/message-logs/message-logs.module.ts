import { Module } from '@nestjs/common';
import { StatsModule } from '../stats/stats.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { Intake } from './intake/intake.js';
import { IntakeMetrics } from './intake/intake-metrics.js';
import { LogWriter } from './intake/log-writer.js';
import { SpoolDrain } from './intake/spool-drain.js';
import { Spool } from './intake/spool.js';
import { OldLogCounts } from './log-counts.js';
import { MessageLogDesk } from './message-log-desk.js';
import { MessageLogReader } from './message-log-reader.js';
import { PersonalMessageLogs } from './personal-message-logs.js';
import { MessageLogsController } from './message-logs.controller.js';
import { MessageLogsService } from './message-logs.service.js';
import { LogPartitions } from './retention/log-partitions.js';
import { MessageLogRetention } from './retention/message-log-retention.js';

@Module({
  imports: [AuditModule, UsersModule, StatsModule],
  controllers: [MessageLogsController],
  providers: [MessageLogsService, MessageLogDesk, OldLogCounts, MessageLogReader, Intake, IntakeMetrics, LogWriter, Spool, SpoolDrain, LogPartitions, MessageLogRetention, PersonalMessageLogs],
  exports: [MessageLogDesk],
})
export class MessageLogsModule {}
