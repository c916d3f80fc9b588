import { Injectable } from '@nestjs/common';
import type { Origin } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { Clock } from '../platform/clock/clock.js';
import { utcDay } from '../platform/clock/days.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { millisOf, Sql, type SqlConnection } from '../platform/database/sql.js';
import { newId } from '../platform/ids/ids.js';
import { Backfill } from '../stats/backfill.js';
import { Stats } from '../stats/stats.service.js';
import { Tally } from '../stats/tally.js';

export interface SignInAttempt {
  readonly kind: PrincipalKind;
  /** Known when the name belongs to somebody. */
  readonly principalId: string | null;
  /** As typed. */
  readonly username: string;
  readonly origin: Origin;
}

const COLUMNS = ['id', 'at', 'kind', 'principal_id', 'username', 'ip', 'user_agent', 'ok', 'reason'];

/** Every attempt to sign in, good or bad, as a row. */
@Injectable()
export class LoginAudits {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly stats: Stats,
    backfill: Backfill,
  ) {
    backfill.register({
      name: 'auth_login_audit',
      select: 'SELECT id, kind, ok, principal_id, at FROM auth_login_audit',
      count: ([, kind, ok, userId, at], tally) => kind === PrincipalKind.User && Number(ok) === 1 && countSignIn(tally, new Date(millisOf(at)), userId as string),
    });
  }

  /** Why somebody was not let in. */
  noteRefusal(attempt: SignInAttempt, reason: string, db: SqlConnection = this.sql): Promise<void> {
    return this.insert(db, [attempt], false, reason);
  }

  /** Counted for the day as well, as far as they are users'. */
  async noteSignIns(tx: SqlConnection, attempts: readonly SignInAttempt[]): Promise<void> {
    await this.insert(tx, attempts, true, 'signed-in');
    const tally = new Tally();
    for (const { kind, principalId } of attempts) if (kind === PrincipalKind.User) countSignIn(tally, this.clock.now(), principalId!);
    await this.stats.record(tally, tx);
  }

  private insert(db: SqlConnection, attempts: readonly SignInAttempt[], ok: boolean, reason: string): Promise<void> {
    const now = this.clock.now();
    const rows = attempts.map(({ kind, principalId, username, origin }) => [newId(), now, kind, principalId, username.slice(0, 254), origin.ip, origin.userAgent, ok ? 1 : 0, reason]);
    return insertRows(db, 'auth_login_audit', COLUMNS, rows);
  }
}

function countSignIn(tally: Tally, at: Date, userId: string): Tally {
  const day = utcDay(at);
  return tally.count(day, 'signIns').saw(day, userId);
}
