import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, IsNull } from 'typeorm';
import { inBatches } from '../../platform/database/in-batches.js';
import { comparable } from '../../platform/http/text.js';
import { idBound } from '../../platform/ids/ids.js';
import { DeletedUsers } from '../../users/deleted-users.service.js';
import type { Erasable } from '../../users/erasure/erasure.js';
import { LoginAudit } from '../login-audit.entity.js';

/**
 * Attempts to sign in with a deleted user's names. They belong to nobody, for a deleted user is answered like one who
 * never was, but the names typed are personal. Read in small stretches: no index knows what was typed.
 */
@Injectable()
export class UnknownSignIns implements Erasable {
  readonly table = 'auth_login_audit (by name)';

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly deletedUsers: DeletedUsers,
  ) {}

  async count(userId: string): Promise<number> {
    return (await this.idsOf(userId)).length;
  }

  async erase(userId: string): Promise<number> {
    const ids = await this.idsOf(userId);
    for (let start = 0; start < ids.length; start += 500) await this.db.delete(LoginAudit, { id: In(ids.slice(start, start + 500)) });
    return ids.length;
  }

  private async idsOf(userId: string): Promise<string[]> {
    const user = await this.deletedUsers.find(userId);
    if (!user) return [];
    const names = new Set([comparable(user.username), comparable(user.email)]);
    const ids: string[] = [];
    for await (const { id, username } of inBatches(this.db, LoginAudit, { principalId: IsNull() }, 'id', idBound(user.deletedAt.getTime()))) if (names.has(comparable(username.trim()))) ids.push(id);
    return ids;
  }
}
