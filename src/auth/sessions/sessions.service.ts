import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, type FindOptionsWhere, In, IsNull, MoreThan, Not } from 'typeorm';
import type { Actor, Origin } from '../../access/actor.js';
import type { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { Sql } from '../../platform/database/sql.js';
import { NotFound, Unauthenticated } from '../../platform/problems/problems.js';
import { Accounts } from '../accounts.js';
import { Notices } from '../notices.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { RefreshTokens } from '../tokens/refresh-tokens.js';
import { IMPERSONATION_SECONDS } from '../tokens/token-times.js';
import { DeadToken } from '../tokens/tokens.problems.js';
import { NewSessions, type Owner, type WantedSession } from './new-sessions.js';
import { Session } from './session.entity.js';

const HOUR_MS = 3_600_000;
/** Sessions that are over stay so long for whoever looks into what happened. */
const KEPT_DAYS = 30;
const PURGED_AT_ONCE = 1000;

@Injectable()
export class SessionsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly newSessions: NewSessions,
    private readonly audit: AuditService,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly accounts: Accounts,
    private readonly sql: Sql,
    private readonly notices: Notices,
    private readonly changes: Changes,
  ) {}

  /** Begins a session if its owner may have one at this moment; otherwise throws. */
  begin(tx: EntityManager, owner: Owner, origin: Origin): Promise<Session> {
    return this.beginOne(tx, { owner, origin });
  }

  /** A session of an admin who sees what the user sees. It has no refresh token, and the admin's whereabouts are not the user's business. */
  beginImpersonated(tx: EntityManager, owner: Owner, admin: Actor): Promise<Session> {
    const expiresAt = new Date(this.clock.millis() + IMPERSONATION_SECONDS * 1000);
    const terms = { idleUntil: expiresAt, expiresAt, impersonatorId: admin.id, impersonatorSessionId: admin.sessionId ?? null };
    return this.beginOne(tx, { owner, origin: { ip: '', userAgent: '' }, terms });
  }

  private async beginOne(tx: EntityManager, wanted: WantedSession): Promise<Session> {
    const [outcome] = await this.newSessions.begin(new EntityTransaction(tx), [wanted]);
    if ('error' in outcome!) throw outcome.error;
    return outcome!.value;
  }

  /**
   * Uses up a refresh token. Of many at once one moves the session on; the others, like a client that lost the answer,
   * get the same new token for a short while. A token older than that was copied: the session ends (RFC 9700 §4.14).
   */
  async refresh(token: string, kind: PrincipalKind, origin: Origin): Promise<Session> {
    const claim = this.refreshTokens.read(token);
    if (!claim) throw new DeadToken('auth.invalid-refresh-token', 'The refresh token is not valid; sign in again.');
    await this.moveOn(claim.sessionId, kind, claim.generation);
    const session = await this.db.findOneBy(Session, { id: claim.sessionId, kind });
    const now = this.clock.millis();
    if (!session || session.endedAt || session.idleUntil.getTime() <= now || session.expiresAt.getTime() <= now) {
      throw new DeadToken('auth.session-ended', 'The session has ended; sign in again.');
    }
    const isPrevious = session.generation === claim.generation + 1;
    if (isPrevious && now - session.rotatedAt.getTime() <= this.settings.refreshGraceSeconds * 1000) return session;
    await this.endStolen(session, origin);
    throw new DeadToken('auth.refresh-token-reused', 'This refresh token was used before. The session has been ended to be safe; sign in again.');
  }

  async list(actor: Actor): Promise<Session[]> {
    const sessions = await this.db.find(Session, { where: { principalId: actor.id, ...this.alive() }, order: { id: 'DESC' }, take: 500 });
    const behind = sessions.flatMap(({ impersonatorSessionId }) => impersonatorSessionId ?? []);
    if (behind.length === 0) return sessions;
    // An admin's session that is over has ended what was begun in it.
    const living = new Set((await this.db.find(Session, { where: { id: In(behind), ...this.alive() } })).map(({ id }) => id));
    return sessions.filter(({ impersonatorSessionId }) => impersonatorSessionId === null || living.has(impersonatorSessionId));
  }

  async endOne(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(Session, { id, principalId: actor.id, endedAt: IsNull() }, this.ended('signed-out'));
      if (affected !== 1) throw new NotFound('session');
      await this.changes.announce(tx, 'session-ended', id);
      await this.audit.record(tx, actor, 'auth.end-session', id);
    });
  }

  /** Ends all sessions of a principal, or all but one; answers how many. */
  async endAll(tx: EntityManager, principalId: string, reason: string, except?: string): Promise<number> {
    const others = except ? { id: Not(except) } : {};
    const { affected } = await tx.update(Session, { principalId, endedAt: IsNull(), ...others }, this.ended(reason));
    if (affected) await this.changes.announce(tx, 'sessions-ended', principalId);
    return affected ?? 0;
  }

  async endOthers(actor: Actor): Promise<number> {
    return this.db.transaction(async (tx) => {
      const ended = await this.endAll(tx, actor.id, 'signed-out-elsewhere', actor.sessionId);
      await this.audit.record(tx, actor, 'auth.end-other-sessions', actor.id, { after: { ended } });
      return ended;
    });
  }

  /** Ends one session whoever asks; answers how many that were. */
  async endGiven(tx: EntityManager, id: string): Promise<number> {
    const { affected } = await tx.update(Session, { id, endedAt: IsNull() }, this.ended('signed-out'));
    if (affected) await this.changes.announce(tx, 'session-ended', id);
    return affected ?? 0;
  }

  /** Ends what an admin began with a user; answers how many sessions that were. */
  async endImpersonated(tx: EntityManager, principalId: string, impersonatorId: string): Promise<number> {
    const begun = await tx.find(Session, { where: { principalId, impersonatorId, ...this.alive() } });
    let ended = 0;
    for (const { id } of begun) ended += await this.endGiven(tx, id);
    return ended;
  }

  /** The session a sign-out means: of its refresh token, of whichever generation, or of the access token. */
  async named(kind: PrincipalKind, refreshToken: string | undefined, authorization: string | undefined): Promise<Session | null> {
    const id = refreshToken === undefined ? await this.idIn(authorization) : this.refreshTokens.read(refreshToken)?.sessionId;
    return id === undefined ? null : this.db.findOneBy(Session, { id, kind });
  }

  /** Removes sessions that have been over for long; answers how many. */
  async purge(): Promise<number> {
    const before = new Date(this.clock.millis() - KEPT_DAYS * 24 * HOUR_MS);
    let removed = 0;
    for (const over of ['ended_at', 'expires_at', 'idle_until']) {
      for (let affected = PURGED_AT_ONCE; affected === PURGED_AT_ONCE; removed += affected) {
        ({ affected } = await this.sql.execute(`DELETE FROM sessions WHERE id IN (SELECT id FROM (SELECT id FROM sessions WHERE ${over} < ? LIMIT ${PURGED_AT_ONCE}) AS old)`, [before]));
      }
    }
    return removed;
  }

  private async idIn(authorization: string | undefined): Promise<string> {
    const token = /^bearer +(\S{1,4096})$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('auth.required', 'Send the refreshToken, or the access token in the Authorization header.');
    return (await this.accessTokens.verify(token)).sid;
  }

  private async moveOn(id: string, kind: PrincipalKind, generation: number): Promise<void> {
    const now = this.clock.now();
    await this.db.update(Session, { id, kind, generation, ...this.alive() }, { generation: generation + 1, rotatedAt: now, lastUsedAt: now, idleUntil: this.newSessions.idleLimit(now) });
  }

  private async endStolen(session: Session, origin: Origin): Promise<void> {
    const owner = await this.accounts.of(session.kind as PrincipalKind).find(session.principalId);
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(Session, { id: session.id, endedAt: IsNull() }, this.ended('refresh-token-reused'));
      if (affected !== 1) return;
      await this.changes.announce(tx, 'session-ended', session.id);
      await this.audit.record(tx, { kind: session.kind, id: session.principalId, origin }, 'auth.refresh-token-reused', session.id);
      if (owner) await this.notices.tell(tx, owner, 'session-stolen', origin);
    });
  }

  private alive(): FindOptionsWhere<Session> {
    const now = this.clock.now();
    return { endedAt: IsNull(), idleUntil: MoreThan(now), expiresAt: MoreThan(now) };
  }

  private ended(endReason: string): { endedAt: Date; endReason: string } {
    return { endedAt: this.clock.now(), endReason };
  }
}
