import { Injectable } from '@nestjs/common';
import type { Origin } from '../access/actor.js';
import type { PrincipalKind } from '../access/permission.js';
import { Clock } from '../platform/clock/clock.js';
import { placeholders, Sql, type SqlConnection } from '../platform/database/sql.js';
import { newId } from '../platform/ids/ids.js';

export interface SignInAttempt {
  readonly kind: PrincipalKind;
  /** Known when the name belongs to somebody. */
  readonly principalId: string | null;
  /** As typed. */
  readonly username: string;
  readonly origin: Origin;
}

const INSERT = `INSERT INTO auth_login_audit (id, at, kind, principal_id, username, ip, user_agent, ok, reason) VALUES (${placeholders(9)})`;

/** Every attempt to sign in, good or bad, as a row. */
@Injectable()
export class LoginAudits {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  /** @param reason `signed-in`, or why not */
  async note({ kind, principalId, username, origin }: SignInAttempt, ok: boolean, reason: string, db: SqlConnection = this.sql): Promise<void> {
    await db.execute(INSERT, [newId(), this.clock.now(), kind, principalId, username.slice(0, 254), origin.ip, origin.userAgent, ok ? 1 : 0, reason]);
  }
}
