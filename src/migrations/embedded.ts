import { Ground1795243366641 } from './embedded/ground.js';
import { Accounts1795244425747 } from './embedded/accounts.js';
import { Usage1795246184962 } from './embedded/usage.js';
import { MessageLogs1795246242191 } from './embedded/message-logs.js';
import { UnlimitedOverrides1795247549978 } from './embedded/unlimited-overrides.js';
import { ChangesAndMail1795253123570 } from './embedded/changes-and-mail.js';
import { SigningKeysAndSecrets1795253968183 } from './embedded/signing-keys-and-secrets.js';
import { NumberedChanges1795253971512 } from './embedded/numbered-changes.js';
import { MailLinks1795253986310 } from './embedded/mail-links.js';
import { AccountLife1795254103565 } from './embedded/account-life.js';
import { SignInLimits1795254137717 } from './embedded/sign-in-limits.js';
import { Mfa1795255624180 } from './embedded/mfa.js';
import { IpRules1795255898946 } from './embedded/ip-rules.js';
import { NoticesOfPeople1795257409038 } from './embedded/notices-of-people.js';
import { Staff1795259118644 } from './embedded/staff.js';
import { Lists1795260167933 } from './embedded/lists.js';
import { AuditChains1795260337964 } from './embedded/audit-chains.js';
import { StaffDesk1795261075191 } from './embedded/staff-desk.js';
import { AuditSearch1795267464063 } from './embedded/audit-search.js';
import { Stats1795267720099 } from './embedded/stats.js';
import { Access1795267773090 } from './embedded/access.js';
import { UserImports1795267905510 } from './embedded/user-imports.js';
import { OverrideLimits1795269114054 } from './embedded/override-limits.js';
import { SignInSearch1795269966657 } from './embedded/sign-in-search.js';
import { StatsBackfill1795270260000 } from './embedded/stats-backfill.js';
import { Jobs1795270580521 } from './embedded/jobs.js';
import { LiveSettings1795271171904 } from './embedded/live-settings.js';
import { Experiments1795280822377 } from './embedded/experiments.js';
import { Study1795285883454 } from './embedded/study.js';
import { Tasks1795285895230 } from './embedded/tasks.js';
import { TaskSearch1795285930000 } from './embedded/task-search.js';
import { StudySearch1795300000000 } from './embedded/study-search.js';
import { Webhooks1795310000000 } from './embedded/webhooks.js';

/** Oldest first. */
export const embeddedMigrations = [
  Ground1795243366641,
  Accounts1795244425747,
  Usage1795246184962,
  MessageLogs1795246242191,
  UnlimitedOverrides1795247549978,
  ChangesAndMail1795253123570,
  SigningKeysAndSecrets1795253968183,
  NumberedChanges1795253971512,
  MailLinks1795253986310,
  AccountLife1795254103565,
  SignInLimits1795254137717,
  Mfa1795255624180,
  IpRules1795255898946,
  NoticesOfPeople1795257409038,
  Staff1795259118644,
  Lists1795260167933,
  AuditChains1795260337964,
  StaffDesk1795261075191,
  AuditSearch1795267464063,
  Stats1795267720099,
  Access1795267773090,
  UserImports1795267905510,
  OverrideLimits1795269114054,
  SignInSearch1795269966657,
  StatsBackfill1795270260000,
  Jobs1795270580521,
  LiveSettings1795271171904,
  Experiments1795280822377,
  Study1795285883454,
  Tasks1795285895230,
  TaskSearch1795285930000,
  StudySearch1795300000000,
  Webhooks1795310000000,
];
