import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { UsersService } from '../../users/users.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

type Who = AuditActor | typeof SYSTEM;

/** Keeps users out, for a while or for good, without touching what is theirs. */
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

  /** @param until null is for good */
  ban(who: Who, id: string, until: Date | null, reason: string): Promise<void> {
    if (until && until <= this.clock.now()) throw new ValidationFailed([{ pointer: '/until', code: 'future', detail: 'until must lie in the future.' }]);
    return this.db.transaction(async (tx) => {
      await this.users.ban(tx, id, until, reason);
      await this.sessions.endAll(tx, id, 'banned');
      await this.audit.record(tx, who, 'users.ban', id, { after: { until }, reason });
      await this.changes.announce(tx, 'principal-changed', id);
    });
  }

  unban(who: Who, id: string, reason: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.users.unban(tx, id);
      await this.audit.record(tx, who, 'users.unban', id, { reason });
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
