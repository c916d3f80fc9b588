import { Injectable } from '@nestjs/common';
import type { Actor, Origin } from '../../access/actor.js';
import { type Authenticator, Authenticators } from '../../access/authenticators.js';
import { impersonatedPermissions, Permission, PERMISSIONS, PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { MergedLookup } from '../../platform/database/merged-lookup.js';
import { millisOf, type Row, Sql } from '../../platform/database/sql.js';
import { Unauthenticated } from '../../platform/problems/problems.js';
import { Accounts, type Rights } from '../accounts.js';
import { type AccessClaims, AccessTokens } from '../tokens/access-tokens.js';
import { DeadToken } from '../tokens/tokens.problems.js';

interface SessionRow {
  readonly principalId: string;
  readonly ended: boolean;
  readonly idleUntil: number;
  readonly expiresAt: number;
  readonly impersonatorId: string | null;
  readonly impersonatorSessionId: string | null;
}

const SELECT = 'SELECT id, principal_id, ended_at, idle_until, expires_at, impersonator_id, impersonator_session_id FROM sessions WHERE id';
const OF_ALL = new Map<PrincipalKind, Rights>(Object.values(PrincipalKind).map((kind) => [kind, { permissions: new Set<Permission>(PERMISSIONS[kind]) }]));

/** Callers who signed in: the token's signature first, then its session and what its owner may do, as they are at this moment. */
@Injectable()
export class SessionAuthenticator implements Authenticator {
  private readonly sessions: MergedLookup<SessionRow>;

  constructor(
    sql: Sql,
    private readonly clock: Clock,
    private readonly tokens: AccessTokens,
    private readonly accounts: Accounts,
    authenticators: Authenticators,
  ) {
    this.sessions = new MergedLookup(sql, SELECT, sessionRowOf);
    authenticators.register(this);
  }

  recognises(credential: string): boolean {
    return credential.startsWith('ey');
  }

  async authenticate(token: string, origin: Origin): Promise<Actor> {
    const claims = await this.tokens.verify(token);
    if (claims.act) return this.impersonating(claims, claims.act.sub, origin);
    const { sub, sid, kind, pending } = claims;
    const [session, rights] = await Promise.all([this.sessions.find(sid), this.rightsOf(kind, sub)]);
    if (!rights || !this.isAlive(session, sub) || session.impersonatorId !== null) throw new SessionEnded();
    return { kind, id: sub, ...rights, origin, sessionId: sid, pending };
  }

  saysReadOnly(token: string): boolean {
    return this.tokens.saysAct(token);
  }

  /** Good as long as the admin's own session is and the admin may do this: whatever ends either ends it too. */
  private async impersonating({ sub, sid, kind }: AccessClaims, adminId: string, origin: Origin): Promise<Actor> {
    const [session, admin] = await Promise.all([this.sessions.find(sid), this.rightsOf(PrincipalKind.Admin, adminId)]);
    if (!admin?.permissions.has(Permission.UsersImpersonate) || !this.isAlive(session, sub) || session.impersonatorId !== adminId) throw new SessionEnded();
    if (!this.isAlive(await this.sessions.find(session.impersonatorSessionId!), adminId)) throw new SessionEnded();
    return { kind, id: sub, permissions: impersonatedPermissions(admin.permissions), origin, sessionId: sid, impersonator: { id: adminId } };
  }

  private isAlive(session: SessionRow | undefined, principalId: string): session is SessionRow {
    const now = this.clock.millis();
    return session !== undefined && !session.ended && session.principalId === principalId && session.idleUntil > now && session.expiresAt > now;
  }

  /** The principal of an Authorization header, for routes that serve those who are signed in and others too. */
  async whoIs(kind: PrincipalKind, authorization: string | undefined, origin: Origin): Promise<string> {
    const token = /^bearer +(\S{1,4096})$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('auth.required', 'Sign in, or name the e-mail address.');
    const actor = await this.authenticate(token, origin);
    if (actor.kind !== kind || actor.impersonator) throw new DeadToken();
    return actor.id;
  }

  private rightsOf(kind: PrincipalKind, id: string): Promise<Rights | undefined> | Rights {
    const directory = this.accounts.of(kind);
    return directory.rights ? directory.rights(id) : OF_ALL.get(kind)!;
  }
}

function sessionRowOf(row: Row): SessionRow {
  return { principalId: row[1] as string, ended: row[2] !== null, idleUntil: millisOf(row[3]), expiresAt: millisOf(row[4]), impersonatorId: row[5] as string | null, impersonatorSessionId: row[6] as string | null };
}

class SessionEnded extends DeadToken {
  constructor() {
    super('auth.session-ended', 'The session has ended; sign in again.');
  }
}
