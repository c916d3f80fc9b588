import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { AnalyticsController } from './analytics/analytics.controller.js';
import { AnalyticsService } from './analytics/analytics.service.js';
import { StudyDays } from './analytics/study-days.js';
import { EstimatesController } from './estimates/estimates.controller.js';
import { EstimatesService } from './estimates/estimates.service.js';
import { KeptEstimates } from './estimates/kept-estimates.js';
import { Paces } from './estimates/paces.js';
import { PriorEstimation } from './estimates/prior-estimation.js';
import { ExercisesController } from './exercises/exercises.controller.js';
import { ExercisesService } from './exercises/exercises.service.js';
import { ReviewsService } from './exercises/reviews.service.js';
import { PersonalStudyTime } from './personal-study-time.js';
import { SessionBook } from './sessions/session-book.js';
import { SessionWork } from './sessions/session-work.js';
import { StudyDesk } from './sessions/study-desk.js';
import { StudyPreferencesController } from './sessions/study-preferences.controller.js';
import { StudySessionsController } from './sessions/study-sessions.controller.js';
import { StudySessions } from './sessions/study-sessions.service.js';
import { TimedSessions } from './sessions/timed-sessions.service.js';
import { ToldSessions } from './sessions/told-sessions.service.js';
import { StudyDocuments } from './study-documents.js';
import { StudyZones } from './study-zones.js';
import { SessionIntake } from './transfer/session-intake.js';
import { StudyExports } from './transfer/study-exports.service.js';
import { StudyImports } from './transfer/study-imports.service.js';
import { KOREADER_PROCESS, KoreaderReader } from './transfer/koreader-reader.js';
import { KoreaderImports } from './transfer/koreader-imports.service.js';
import { TransferController } from './transfer/transfer.controller.js';

/** Time that is studied: sessions, exercises, what they add up to and what is to be expected. */
@Module({
  imports: [AuditModule, UsersModule],
  controllers: [StudySessionsController, StudyPreferencesController, ExercisesController, AnalyticsController, EstimatesController, TransferController],
  providers: [
    StudyDocuments,
    StudyZones,
    StudyDesk,
    StudyDays,
    Paces,
    KeptEstimates,
    SessionBook,
    SessionWork,
    TimedSessions,
    ToldSessions,
    StudySessions,
    ExercisesService,
    ReviewsService,
    AnalyticsService,
    EstimatesService,
    PriorEstimation,
    PersonalStudyTime,
    SessionIntake,
    StudyExports,
    StudyImports,
    { provide: KOREADER_PROCESS, useFactory: () => new URL('./transfer/koreader-process.js', import.meta.url) },
    KoreaderReader,
    KoreaderImports,
  ],
})
export class StudyTimeModule {}
