import type { Permission } from '../access/permission.js';
import { Problem } from '../platform/problems/problem.js';
import { USERNAME_RULE } from '../users/username.js';

export class WrongAdminName extends Problem {
  constructor() {
    super('malformed', 'admins.wrong-name', USERNAME_RULE);
  }
}

export class AdminExists extends Problem {
  constructor(username: string) {
    super('conflict', 'admins.taken', `There is already an admin named "${username}".`, { violations: [{ pointer: '/username', code: 'taken', detail: 'This username is taken.' }] });
  }
}

export class LastManager extends Problem {
  constructor() {
    super('conflict', 'admins.last-manager', 'Nobody could look after admins any more: there must be an active admin with the permission "admins:write". Nothing was changed.');
  }
}

export class NotYoursToGive extends Problem {
  constructor(permissions: readonly Permission[]) {
    const what = permissions.length > 0 ? permissions.join(', ') : 'null, which is everything for all time';
    super('forbidden', 'admins.not-yours-to-give', `You can give only permissions that you hold yourself, not: ${what}.`, { extensions: { permissions } });
  }
}
