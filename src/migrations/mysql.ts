import { Ground1795243367953 } from './mysql/ground.js';
import { Accounts1795244427163 } from './mysql/accounts.js';
import { Usage1795246186185 } from './mysql/usage.js';
import { MessageLogs1795246244099 } from './mysql/message-logs.js';
import { UnlimitedOverrides1795247559049 } from './mysql/unlimited-overrides.js';
import { ChangesAndMail1795253125770 } from './mysql/changes-and-mail.js';
import { SigningKeysAndSecrets1795253973065 } from './mysql/signing-keys-and-secrets.js';
import { NumberedChanges1795253977141 } from './mysql/numbered-changes.js';
import { MailLinks1795253993410 } from './mysql/mail-links.js';
import { AccountLife1795254110010 } from './mysql/account-life.js';
import { SignInLimits1795254141221 } from './mysql/sign-in-limits.js';
import { Mfa1795255624180 } from './mysql/mfa.js';
import { IpRules1795255904401 } from './mysql/ip-rules.js';
import { NoticesOfPeople1795257422173 } from './mysql/notices-of-people.js';
import { Staff1795259127824 } from './mysql/staff.js';
import { Lists1795260174166 } from './mysql/lists.js';
import { AuditChains1795260340755 } from './mysql/audit-chains.js';
import { StaffDesk1795261084555 } from './mysql/staff-desk.js';
import { AuditSearch1795267467288 } from './mysql/audit-search.js';
import { Stats1795267735797 } from './mysql/stats.js';
import { Access1795267777564 } from './mysql/access.js';
import { UserImports1795267930083 } from './mysql/user-imports.js';
import { OverrideLimits1795269138406 } from './mysql/override-limits.js';
import { SignInSearch1795269991100 } from './mysql/sign-in-search.js';
import { StatsBackfill1795270260001 } from './mysql/stats-backfill.js';
import { Jobs1795270611310 } from './mysql/jobs.js';
import { LiveSettings1795271197397 } from './mysql/live-settings.js';
import { Experiments1795280839845 } from './mysql/experiments.js';
import { Study1795285902652 } from './mysql/study.js';
import { Tasks1795285912627 } from './mysql/tasks.js';
import { TaskSearch1795285930000 } from './mysql/task-search.js';
import { StudySearch1795300000000 } from './mysql/study-search.js';
import { Webhooks1795310000000 } from './mysql/webhooks.js';

/** Oldest first. */
export const mysqlMigrations = [
  Ground1795243367953,
  Accounts1795244427163,
  Usage1795246186185,
  MessageLogs1795246244099,
  UnlimitedOverrides1795247559049,
  ChangesAndMail1795253125770,
  SigningKeysAndSecrets1795253973065,
  NumberedChanges1795253977141,
  MailLinks1795253993410,
  AccountLife1795254110010,
  SignInLimits1795254141221,
  Mfa1795255624180,
  IpRules1795255904401,
  NoticesOfPeople1795257422173,
  Staff1795259127824,
  Lists1795260174166,
  AuditChains1795260340755,
  StaffDesk1795261084555,
  AuditSearch1795267467288,
  Stats1795267735797,
  Access1795267777564,
  UserImports1795267930083,
  OverrideLimits1795269138406,
  SignInSearch1795269991100,
  StatsBackfill1795270260001,
  Jobs1795270611310,
  LiveSettings1795271197397,
  Experiments1795280839845,
  Study1795285902652,
  Tasks1795285912627,
  TaskSearch1795285930000,
  StudySearch1795300000000,
  Webhooks1795310000000,
];
