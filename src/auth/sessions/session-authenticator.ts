import { Injectable } from '@nestjs/common';
import type { Actor, Origin } from '../../access/actor.js';
import { type Authenticator, Authenticators } from '../../access/authenticators.js';
import { type Permission, PERMISSIONS, PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { MergedLookup } from '../../platform/database/merged-lookup.js';
import { millisOf, type Row, Sql } from '../../platform/database/sql.js';
import { Unauthenticated } from '../../platform/problems/problems.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { DeadToken } from '../tokens/tokens.problems.js';

interface SessionRow {
  readonly principalId: string;
  readonly ended: boolean;
  readonly idleUntil: number;
  readonly expiresAt: number;
}

const SELECT = 'SELECT id, principal_id, ended_at, idle_until, expires_at FROM sessions WHERE id';
const ALL = new Map<PrincipalKind, ReadonlySet<Permission>>(Object.values(PrincipalKind).map((kind) => [kind, new Set(PERMISSIONS[kind])]));

/** Callers who signed in: the token's signature first, then its session as it is at this moment. */
@Injectable()
export class SessionAuthenticator implements Authenticator {
  private readonly sessions: MergedLookup<SessionRow>;

  constructor(
    sql: Sql,
    private readonly clock: Clock,
    private readonly tokens: AccessTokens,
    authenticators: Authenticators,
  ) {
    this.sessions = new MergedLookup(sql, SELECT, sessionRowOf);
    authenticators.register(this);
  }

  recognises(credential: string): boolean {
    return credential.startsWith('ey');
  }

  async authenticate(token: string, origin: Origin): Promise<Actor> {
    const { sub, sid, kind, pending } = await this.tokens.verify(token);
    const session = await this.sessions.find(sid);
    const now = this.clock.millis();
    if (!session || session.ended || session.principalId !== sub || session.idleUntil <= now || session.expiresAt <= now) {
      throw new DeadToken('auth.session-ended', 'The session has ended; sign in again.');
    }
    return { kind, id: sub, permissions: ALL.get(kind)!, origin, sessionId: sid, pending };
  }

  /** The principal of an Authorization header, for routes that serve those who are signed in and others too. */
  async whoIs(kind: PrincipalKind, authorization: string | undefined, origin: Origin): Promise<string> {
    const token = /^bearer +(\S{1,4096})$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('auth.required', 'Sign in, or name the e-mail address.');
    const actor = await this.authenticate(token, origin);
    if (actor.kind !== kind) throw new DeadToken();
    return actor.id;
  }
}

function sessionRowOf(row: Row): SessionRow {
  return { principalId: row[1] as string, ended: row[2] !== null, idleUntil: millisOf(row[3]), expiresAt: millisOf(row[4]) };
}
