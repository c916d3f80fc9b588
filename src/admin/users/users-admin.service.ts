import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { AccountRemoval } from '../../auth/account/account-removal.js';
import { type PasswordOwner, PasswordsService } from '../../auth/credentials/passwords.service.js';
import { LinkMails } from '../../auth/mail-links/link-mails.js';
import { Notices } from '../../auth/notices.js';
import { Changes } from '../../platform/changes/changes.js';
import { Problem } from '../../platform/problems/problem.js';
import { NotFound, ValidationFailed } from '../../platform/problems/problems.js';
import { BanScope } from '../../users/bans.js';
import { UserEdits } from '../../users/user-edits.js';
import { DeletedUsers } from '../../users/deleted-users.service.js';
import { UserStatus } from '../../users/user-record.js';
import type { UserSnapshot } from '../../users/user-snapshot.js';
import { UsersService } from '../../users/users.service.js';
import type { CreateUserDto, UpdateUserDto } from './users-admin.dto.js';

/** What admins do to users beyond what the modules below offer by themselves. */
@Injectable()
export class UsersAdminService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly users: UsersService,
    private readonly edits: UserEdits,
    private readonly deletedUsers: DeletedUsers,
    private readonly removal: AccountRemoval,
    private readonly passwords: PasswordsService,
    private readonly links: LinkMails,
    private readonly notices: Notices,
    private readonly changes: Changes,
    private readonly audit: AuditService,
  ) {}

  async create(admin: Actor, { password, passwordHash, status, ...names }: CreateUserDto): Promise<UserSnapshot> {
    const hash = await this.hashOf(password, passwordHash, { kind: PrincipalKind.User, ...names });
    const id = await this.db.transaction(async (tx) => {
      const user = await this.users.create(tx, names);
      if (hash !== undefined) await this.passwords.set(tx, user.id, hash);
      if (status === UserStatus.Banned) await this.users.ban(tx, user.id, { scope: BanScope.SignIn, until: null, reason: 'Made so.' });
      await this.audit.record(tx, admin, 'users.create', user.id, { after: { ...names, status: status ?? UserStatus.Active } });
      return user.id;
    });
    return this.users.get(id);
  }

  /** Fields that are absent stay as they are. Of a new address both sides hear: the new one is asked to confirm it. */
  update(admin: Actor, id: string, change: UpdateUserDto, reason: string | undefined, ifVersion: number | undefined): Promise<UserSnapshot> {
    return this.db.transaction(async (tx) => {
      const { user, before, after, movedFrom } = await this.edits.edit(tx, id, change, ifVersion);
      if (Object.keys(after).length === 0) return user;
      await this.audit.record(tx, admin, 'users.update', id, { before, after, reason });
      if (movedFrom !== null) {
        await this.notices.tell(tx, { id, email: movedFrom }, 'email-changed');
        await this.links.sendFirst(tx, user);
      }
      await this.changes.announce(tx, 'principal-changed', id);
      return user;
    });
  }

  /** @param confirm the username, typed again */
  async erase(admin: Actor, id: string, reason: string, confirm: string): Promise<Record<string, number>> {
    const user = (await this.users.find(id)) ?? (await this.deletedUsers.find(id));
    if (!user) throw new NotFound('user');
    if (user.username !== confirm) throw new NotConfirmed();
    return this.removal.erase(admin, id, reason);
  }

  private async hashOf(password: string | undefined, imported: string | undefined, owner: PasswordOwner): Promise<string | undefined> {
    if (password !== undefined && imported !== undefined) {
      throw new ValidationFailed([{ pointer: '/passwordHash', code: 'either', detail: 'Send a password or a passwordHash, not both.' }]);
    }
    if (imported !== undefined) return this.passwords.importable(imported);
    return password === undefined ? undefined : this.passwords.prepare(password, owner);
  }
}

class NotConfirmed extends Problem {
  constructor() {
    super('conflict', 'users.not-confirmed', 'The field confirm is not the username of this user; nothing was erased.');
  }
}
