import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { ApiKeysService } from '../../api-keys/api-keys.service.js';
import { type AuditActor, AuditService, type SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { type DeletedRecord, DeletedUsers } from '../../users/deleted-users.service.js';
import { UserErasure } from '../../users/erasure/user-erasure.js';
import { KnownDevices } from '../devices/known-devices.js';
import { Notices } from '../notices.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignInService } from '../sign-in.service.js';

type Who = AuditActor | typeof SYSTEM;

/** Users leave, and come back while they can. All that is theirs waits under the principal meanwhile. */
@Injectable()
export class AccountRemoval {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly deletedUsers: DeletedUsers,
    private readonly sessions: SessionsService,
    private readonly apiKeys: ApiKeysService,
    private readonly signIns: SignInService,
    private readonly devices: KnownDevices,
    private readonly erasure: UserErasure,
    private readonly notices: Notices,
    private readonly changes: Changes,
    private readonly audit: AuditService,
  ) {}

  async deleteOwn(actor: Actor, password: string): Promise<DeletedRecord> {
    await this.signIns.confirm(actor, password);
    return this.delete(actor, actor.id);
  }

  delete(who: Who, id: string, reason?: string, ifVersion?: number): Promise<DeletedRecord> {
    return this.db.transaction(async (tx) => {
      const user = await this.deletedUsers.moveOut(tx, who, id, reason, ifVersion);
      await this.endAccess(tx, who, id, 'account-deleted');
      await this.audit.record(tx, who, 'users.delete', id, { after: { purgeAfter: user.purgeAfter }, reason });
      await this.notices.tell(tx, user, 'account-deleted', who.id === id ? who.origin : undefined);
      await this.changes.announce(tx, 'principal-changed', id);
      return user;
    });
  }

  restore(who: Who, id: string, reason: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      const user = await this.deletedUsers.moveBack(tx, id);
      // What was begun before the deletion and written after it must not come to life now.
      await this.endAccess(tx, who, id, 'account-deleted');
      await this.audit.record(tx, who, 'users.restore', id, { reason });
      await this.notices.tell(tx, user, 'account-restored');
      await this.changes.announce(tx, 'principal-changed', id);
    });
  }

  /** At once and for good, whether or not the user was deleted before. Answers the rows that went, by table. */
  async erase(who: Who, id: string, reason: string): Promise<Record<string, number>> {
    const user = await this.deletedUsers.find(id);
    if (!user) await this.delete(who, id, reason);
    return (await this.erasure.erase(who, id, reason)) ?? {};
  }

  private async endAccess(tx: EntityManager, who: Who, id: string, why: string): Promise<void> {
    await this.sessions.endAll(tx, id, why);
    await this.apiKeys.revokeAll(tx, who, id);
    await this.devices.forgetAll(tx, id);
  }
}
