import { Injectable } from '@nestjs/common';
import { AuditTrail, type TrailEvent } from '../../audit/audit-trail.js';
import { millisOf, Sql } from '../../platform/database/sql.js';
import { Erasure, OwnedRows } from '../erasure/erasure.js';
import { UsersService } from '../users.service.js';
import { PersonalData } from './personal-data.js';

const MAILS = 'SELECT id, status, created_at, finished_at FROM outgoing_mails WHERE principal_id = ? AND id > ? ORDER BY id LIMIT 500';

/** What this module and those below it hold about a user. */
@Injectable()
export class PersonalProfile {
  constructor(
    private readonly users: UsersService,
    private readonly trail: AuditTrail,
    private readonly sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register(
      { path: 'profile.json', about: 'Who you are here: names, address, status.', tables: ['users'], rows: (id) => this.profile(id) },
      { path: 'preferences.json', about: 'What you have chosen about how the application treats you.', tables: ['users'], rows: (id) => this.preferences(id) },
      { path: 'audit-events.ndjson', about: 'What was recorded about changes of your account, and of changes that you made.', tables: ['audit_events'], rows: (id) => this.events(id) },
      { path: 'notices.json', about: 'Mails that were sent to you, without what they said, which is not kept.', tables: ['outgoing_mails'], rows: (id) => this.mails(id) },
    );
    erasure.register(
      new OwnedRows(sql, 'data_keys', 'user_id'),
      new OwnedRows(sql, 'outgoing_mails', 'principal_id'),
      new OwnedRows(sql, 'idempotency_keys', 'caller_id'),
      new OwnedRows(sql, 'webhook_events', 'user_id'),
      { table: 'audit_events', count: (id) => trail.countPersonal(id), erase: (id) => trail.erasePersonal(id) },
    );
  }

  private async *profile(id: string): AsyncGenerator<object> {
    const user = await this.users.get(id);
    const at = (millis: number): string => new Date(millis).toISOString();
    const { email, username, name, status, emailVerified, timeZone } = user;
    yield { id, email, username, name, status, emailVerified, timeZone, createdAt: at(user.createdAt), updatedAt: at(user.updatedAt) };
  }

  private async *preferences(id: string): AsyncGenerator<object> {
    yield await this.users.preferences(id);
  }

  private async *events(id: string): AsyncGenerator<object> {
    for await (const event of this.trail.of(id)) yield eventOf(event, id);
  }

  private async *mails(userId: string): AsyncGenerator<object> {
    for (let after = ''; ; ) {
      const { rows } = await this.sql.execute(MAILS, [userId, after]);
      for (const [id, status, createdAt, finishedAt] of rows) yield { id, status, createdAt: instant(createdAt), finishedAt: instant(finishedAt) };
      if (rows.length < 500) return;
      after = rows.at(-1)![0] as string;
    }
  }
}

/** Of others it says what they are and what they did, not who they are or where they were. */
function eventOf({ id, at, actorKind, actorId, action, targetId, before, after, reason, ip }: TrailEvent, userId: string): object {
  const byUser = actorId === userId;
  return { id, at, by: byUser ? 'you' : actorKind, action, target: targetId === userId ? 'you' : targetId, before, after, reason, ...(byUser && { ip }) };
}

function instant(value: unknown): string | null {
  return value === null ? null : new Date(millisOf(value)).toISOString();
}
