import { Injectable } from '@nestjs/common';
import type { Origin } from '../../access/actor.js';
import type { PrincipalKind } from '../../access/permission.js';
import type { Outcome } from '../../platform/batching/combiner.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { insertRows } from '../../platform/database/insert-rows.js';
import { millisOf, padded, placeholders, Sql, type SqlConnection } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids/ids.js';
import { Accounts } from '../accounts.js';
import { MayNotSignIn, PasswordChanged } from '../auth.problems.js';
import type { StoredPassword } from '../credentials/evidence.js';
import { Session } from './session.entity.js';

export interface Owner {
  readonly id: string;
  readonly kind: PrincipalKind;
}

/** A session that somebody is to get. */
export interface WantedSession {
  readonly owner: Owner;
  readonly origin: Pick<Origin, 'ip' | 'userAgent'>;
  /** The password that was proven; it must still be the owner's. */
  readonly proven?: StoredPassword;
  /** Where it ends sooner than other sessions, or is another's. */
  readonly terms?: Pick<Session, 'idleUntil' | 'expiresAt' | 'impersonatorId' | 'impersonatorSessionId'>;
}

const HOUR_MS = 3_600_000;
const COLUMNS = [
  'id', 'principal_id', 'kind', 'generation', 'created_at', 'rotated_at', 'last_used_at', 'idle_until', 'expires_at', 'ip', 'user_agent', 'impersonator_id', 'impersonator_session_id',
];

/** Where sessions begin. */
@Injectable()
export class NewSessions {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly accounts: Accounts,
  ) {}

  /**
   * Begins a session for each owner who may have one at this moment; for the others the outcome is an error. The rows of the
   * owners and of their passwords are held until the transaction ends, so that a ban, a deletion or another password at the
   * same time either prevents the session or finds it.
   *
   * @param wanted for principals of one kind
   */
  async begin(tx: SqlConnection, wanted: readonly WantedSession[]): Promise<Outcome<Session>[]> {
    const since = await this.standing(tx, wanted.map(({ owner }) => owner));
    const outcomes = wanted.map((one): Outcome<Session> => {
      const refusal = refusalOf(one, since.get(one.owner.id));
      return refusal ? { error: refusal } : { value: this.sessionOf(one) };
    });
    const begun = outcomes.flatMap((outcome) => ('value' in outcome ? [valuesOf(outcome.value)] : []));
    await insertRows(tx, 'sessions', COLUMNS, begun);
    return outcomes;
  }

  /** When this session is over unless it is refreshed before. */
  idleLimit(now: Date): Date {
    return new Date(now.getTime() + this.settings.sessionIdleHours * HOUR_MS);
  }

  /** Who may sign in, with the instant since when their password is what it is: null for those who have none. */
  private async standing(tx: SqlConnection, owners: readonly Owner[]): Promise<Map<string, number | null>> {
    const { table, condition, values } = this.accounts.of(owners[0]!.kind).standing;
    const ids = padded([...new Set(owners.map(({ id }) => id))].sort());
    const { rows } = await tx.execute(
      `SELECT ${table}.id, c.changed_at FROM ${table} LEFT JOIN credentials c ON c.principal_id = ${table}.id WHERE ${table}.id IN (${placeholders(ids.length)}) AND ${condition}${this.sql.dialect.forShare}`,
      [...ids, ...values(this.clock.now())],
    );
    return new Map(rows.map(([id, changedAt]) => [id as string, changedAt === null ? null : millisOf(changedAt)]));
  }

  private sessionOf({ owner, origin, terms }: WantedSession): Session {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + this.settings.sessionMaxHours * HOUR_MS);
    const times = { createdAt: now, rotatedAt: now, lastUsedAt: now, idleUntil: this.idleLimit(now), expiresAt };
    return Object.assign(new Session(), { id: newId(), principalId: owner.id, kind: owner.kind, ip: origin.ip, userAgent: origin.userAgent, ...times, ...terms });
  }
}

/** @param since as `standing` answers it; undefined of who may not sign in */
function refusalOf({ proven }: WantedSession, since: number | null | undefined): MayNotSignIn | undefined {
  if (since === undefined) return new MayNotSignIn();
  return proven && proven.changedAt !== since ? new PasswordChanged() : undefined;
}

function valuesOf({ id, principalId, kind, generation, createdAt, rotatedAt, lastUsedAt, idleUntil, expiresAt, ip, userAgent, impersonatorId, impersonatorSessionId }: Session): (string | number | Date | null)[] {
  return [id, principalId, kind, generation, createdAt, rotatedAt, lastUsedAt, idleUntil, expiresAt, ip, userAgent, impersonatorId, impersonatorSessionId];
}
