import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { BanScope, type BanTerms } from '../../users/bans.js';
import { UsersService } from '../../users/users.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

type Who = AuditActor | typeof SYSTEM;

/** Keeps users out or from a part of the service, for a while or for good, without touching what is theirs. */
@Injectable()
export class Bans {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  ban(who: Who, id: string, terms: BanTerms): Promise<void> {
    const { scope, until, reason } = terms;
    if (until && until <= this.clock.now()) throw new ValidationFailed([{ pointer: '/until', code: 'future', detail: 'until must lie in the future.' }]);
    return this.db.transaction(async (tx) => {
      await this.users.ban(tx, id, terms);
      if (scope === BanScope.SignIn) await this.sessions.endAll(tx, id, 'banned');
      await this.audit.record(tx, who, 'users.ban', id, { after: { scope, until }, reason });
      await this.changes.announce(tx, 'principal-changed', id);
    });
  }

  /** @param scope without it all bans end */
  unban(who: Who, id: string, reason: string, scope?: BanScope): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.users.unban(tx, id, scope);
      await this.audit.record(tx, who, 'users.unban', id, { after: { scope: scope ?? 'all' }, reason });
      await this.changes.announce(tx, 'principal-changed', id);
    });
  }

  /** Signs the user out everywhere; answers how many sessions that were. */
  endSessions(who: Who, id: string, reason: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      await this.users.demand(tx, id);
      const ended = await this.sessions.endAll(tx, id, 'ended-by-admin');
      await this.audit.record(tx, who, 'users.end-sessions', id, { after: { ended }, reason });
      return ended;
    });
  }
}
