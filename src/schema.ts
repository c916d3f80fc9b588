import { Admin } from './admin/admin.entity.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { AuditEvent } from './audit/audit-event.entity.js';
import { Credential } from './auth/credentials/credential.entity.js';
import { LoginAudit } from './auth/login-audit.entity.js';
import { Session } from './auth/sessions/session.entity.js';
import { embeddedMigrations } from './migrations/embedded.js';
import { mysqlMigrations } from './migrations/mysql.js';
import type { Schema } from './platform/database/database.module.js';
import { JobRun } from './platform/jobs/job-run.entity.js';
import { Principal } from './users/principal.entity.js';
import { User } from './users/user.entity.js';

/** Every table and how it came about, lowest module first. */
export const SCHEMA: Schema = {
  entities: [JobRun, AuditEvent, Principal, User, ApiKey, Credential, Session, LoginAudit, Admin],
  migrations: { mysql: mysqlMigrations, embedded: embeddedMigrations },
};
