import type { Actor } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { Forbidden, ValidationFailed } from '../platform/problems/problems.js';

/** The user a request is about: the caller itself, or the one whom a service key names. */
export function actingUserId(actor: Actor, userId: string | undefined): string {
  if (actor.kind === PrincipalKind.Service) {
    if (userId === undefined) throw new ValidationFailed([{ pointer: '/userId', code: 'required', detail: 'A service key must name the user it acts for: userId.' }]);
    return userId;
  }
  if (userId !== undefined && userId !== actor.id) throw new Forbidden('Only a service key may act for another user.', 'access.not-yours');
  return actor.id;
}
