import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Impersonation } from '../../access/impersonation.js';
import { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { Problem } from '../../platform/problems/problem.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Accounts } from '../accounts.js';
import { Notices } from '../notices.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { AccessTokens } from '../tokens/access-tokens.js';

export interface Impersonated {
  readonly session: Session;
  readonly accessToken: string;
  readonly expiresIn: number;
}

/** Lets an admin see what a user sees, for a quarter of an hour. The user is told, and what is looked at leaves a row each. */
@Injectable()
export class Impersonations {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly accounts: Accounts,
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokens,
    private readonly notices: Notices,
    private readonly audit: AuditService,
    impersonation: Impersonation,
  ) {
    impersonation.onRead((actor, method, path) => this.noteRead(actor, method, path));
  }

  async begin(admin: Actor, userId: string, reason: string): Promise<Impersonated> {
    const user = await this.accounts.of(PrincipalKind.User).find(userId);
    if (!user) throw new NotFound('user');
    if (user.status !== 'active') throw new UserNotActive();
    const session = await this.db.transaction(async (tx) => {
      const begun = await this.sessions.beginImpersonated(tx, user, admin);
      await this.notices.tell(tx, user, 'impersonated');
      await this.audit.record(tx, admin, 'users.impersonate', userId, { after: { session: begun.id, until: begun.expiresAt }, reason, onBehalfOf: userId });
      return begun;
    });
    return { session, ...this.tokens.issue({ principalId: userId, kind: PrincipalKind.User, sessionId: session.id, impersonatorId: admin.id }) };
  }

  /** Ends what the admin began with this user; answers how many sessions that were. */
  end(admin: Actor, userId: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      const ended = await this.sessions.endImpersonated(tx, userId, admin.id);
      if (ended > 0) await this.audit.record(tx, admin, 'users.end-impersonation', userId, { after: { ended }, onBehalfOf: userId });
      return ended;
    });
  }

  private noteRead(actor: Actor, method: string, path: string): Promise<void> {
    return this.audit.record(this.db, actor, 'users.read-as', actor.id, { after: { session: actor.sessionId, method, path } });
  }
}

class UserNotActive extends Problem {
  constructor() {
    super('conflict', 'users.not-active', 'This user is banned, and sees nothing.');
  }
}
