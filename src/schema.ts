import { Admin } from './admin/admin.entity.js';
import { IpRule } from './admin/ip-rules/ip-rule.entity.js';
import { UserImport, UserImportError } from './admin/transfer/user-import.entity.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { AuditCheckpoint } from './audit/audit-checkpoint.entity.js';
import { AuditEvent } from './audit/audit-event.entity.js';
import { SignInFailure } from './auth/attempts/sign-in-failure.entity.js';
import { AuditLane } from './audit/audit-lane.entity.js';
import { Credential } from './auth/credentials/credential.entity.js';
import { KnownDevice } from './auth/devices/known-device.entity.js';
import { LoginAudit } from './auth/login-audit.entity.js';
import { MailLink } from './auth/mail-links/mail-link.entity.js';
import { MfaChallenge } from './auth/mfa/mfa-challenge.entity.js';
import { RecoveryCode } from './auth/mfa/recovery-code.entity.js';
import { TotpFactor } from './auth/mfa/totp-factor.entity.js';
import { Session } from './auth/sessions/session.entity.js';
import { SigningKey } from './auth/signing-keys/signing-key.entity.js';
import { Computation } from './experiments/computations/computation.entity.js';
import { Design } from './experiments/designs/design.entity.js';
import { Experiment } from './experiments/experiment.entity.js';
import { LiteratureEntry } from './experiments/literature/literature-entry.entity.js';
import { Model } from './experiments/models/model.entity.js';
import { Parameter } from './experiments/parameters/parameter.entity.js';
import { Feedback } from './experiments/predictions/feedback.entity.js';
import { Prediction, PredictionSetting } from './experiments/predictions/prediction.entity.js';
import { Response } from './experiments/responses/response.entity.js';
import { Result } from './experiments/results/result.entity.js';
import { Run, RunSetting } from './experiments/runs/run.entity.js';
import { ExperimentShare } from './experiments/sharing/experiment-share.entity.js';
import { ExperimentVersion } from './experiments/versions/experiment-version.entity.js';
import { MessageLog, MessageLogKey, MessageText } from './message-logs/message-log.entity.js';
import { embeddedMigrations } from './migrations/embedded.js';
import { mysqlMigrations } from './migrations/mysql.js';
import { Change } from './platform/changes/change.entity.js';
import { LiveSettingsRow } from './platform/config/live-settings.entity.js';
import { Secret } from './platform/crypto/secret.entity.js';
import type { Schema } from './platform/database/database.module.js';
import { IdempotencyKey } from './platform/idempotency/idempotency-key.entity.js';
import { JobRun } from './platform/jobs/job-run.entity.js';
import { JobState } from './platform/jobs/job-state.entity.js';
import { OutgoingMail } from './platform/mail/outgoing-mail.entity.js';
import { UserNote } from './staff/notes/user-note.entity.js';
import { StatsDay, StatsModelDay, StatsUserDay } from './stats/stats-day.entity.js';
import { StatsBackfill } from './stats/stats-backfill.entity.js';
import { StatsDelta } from './stats/stats-delta.entity.js';
import { StaffMember } from './staff/staff-member.entity.js';
import { StudyDay } from './study/analytics/study-day.entity.js';
import { StudyEstimate } from './study/estimates/study-estimate.entity.js';
import { StudyPrior } from './study/estimates/study-prior.entity.js';
import { Exercise } from './study/exercises/exercise.entity.js';
import { Review } from './study/exercises/review.entity.js';
import { StudyInterval } from './study/sessions/study-interval.entity.js';
import { StudyProfile } from './study/sessions/study-profile.entity.js';
import { StudySession } from './study/sessions/study-session.entity.js';
import { DocumentPage } from './study/documents/document-page.entity.js';
import { Document } from './study/documents/document.entity.js';
import { LooseFile } from './study/storage/loose-file.entity.js';
import { StorageAccount } from './study/storage/storage-account.entity.js';
import { Topic } from './study/topics/topic.entity.js';
import { TaskFeed } from './tasks/feed/task-feed.entity.js';
import { TaskBoard } from './tasks/task-board.entity.js';
import { TaskTag } from './tasks/task-tag.entity.js';
import { TaskWords } from './tasks/task-words.entity.js';
import { Task } from './tasks/task.entity.js';
import { TaskView } from './tasks/views/task-view.entity.js';
import { LedgerEntry } from './usage/ledger-entry.entity.js';
import { Plan } from './usage/plan.entity.js';
import { Reservation } from './usage/reservation.entity.js';
import { UsageAccount } from './usage/usage-account.entity.js';
import { UsageDay } from './usage/usage-day.entity.js';
import { UsageOverride } from './usage/usage-override.entity.js';
import { DataKey } from './users/data-key.entity.js';
import { DeletedUser } from './users/deleted-user.entity.js';
import { ErasedUser } from './users/erasure/erased-user.entity.js';
import { Principal } from './users/principal.entity.js';
import { User } from './users/user.entity.js';
import { WebhookDelivery } from './webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhooks/webhook-endpoint.entity.js';
import { WebhookEvent } from './webhooks/webhook-event.entity.js';

/** Every table and how it came about, lowest module first. */
export const SCHEMA: Schema = {
  entities: [
    JobRun,
    JobState,
    Change,
    LiveSettingsRow,
    Secret,
    OutgoingMail,
    AuditEvent,
    AuditLane,
    AuditCheckpoint,
    WebhookEndpoint,
    WebhookEvent,
    WebhookDelivery,
    Principal,
    User,
    DeletedUser,
    ErasedUser,
    DataKey,
    StatsBackfill,
    StatsDelta,
    StatsDay,
    StatsUserDay,
    StatsModelDay,
    ApiKey,
    Credential,
    Session,
    MailLink,
    SigningKey,
    LoginAudit,
    SignInFailure,
    KnownDevice,
    TotpFactor,
    RecoveryCode,
    MfaChallenge,
    StaffMember,
    UserNote,
    Admin,
    IpRule,
    IdempotencyKey,
    Plan,
    UsageAccount,
    UsageOverride,
    UsageDay,
    LedgerEntry,
    Reservation,
    MessageLog,
    MessageText,
    MessageLogKey,
    UserImport,
    UserImportError,
    Experiment,
    ExperimentShare,
    ExperimentVersion,
    Parameter,
    Response,
    Run,
    RunSetting,
    Design,
    Computation,
    Result,
    LiteratureEntry,
    Model,
    Prediction,
    PredictionSetting,
    Feedback,
    TaskBoard,
    Task,
    TaskTag,
    TaskWords,
    TaskView,
    TaskFeed,
    Topic,
    Document,
    DocumentPage,
    StorageAccount,
    LooseFile,
    StudyProfile,
    StudySession,
    StudyInterval,
    StudyDay,
    StudyEstimate,
    StudyPrior,
    Exercise,
    Review,
  ],
  migrations: { mysql: mysqlMigrations, embedded: embeddedMigrations },
};
