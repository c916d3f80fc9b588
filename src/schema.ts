import { AuditEvent } from './audit/audit-event.entity.js';
import { embeddedMigrations } from './migrations/embedded.js';
import { mysqlMigrations } from './migrations/mysql.js';
import type { Schema } from './platform/database/database.module.js';
import { JobRun } from './platform/jobs/job-run.entity.js';
import { Principal } from './users/principal.entity.js';
import { User } from './users/user.entity.js';

/** Every table and how it came about, lowest module first. */
export const SCHEMA: Schema = {
  entities: [JobRun, AuditEvent, Principal, User],
  migrations: { mysql: mysqlMigrations, embedded: embeddedMigrations },
};
