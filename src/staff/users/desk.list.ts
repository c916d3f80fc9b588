import { comparable } from '../../platform/http/text.js';
import { beginsWith, EVERYTHING } from '../../platform/lists/conditions.js';
import type { Condition } from '../../platform/lists/listing.js';
import { takenOut, type Wanted } from '../../platform/lists/wanted.js';
import { USERS_BY_PLAN_LIST } from '../../usage/users-by-plan.js';

const { sorts, filters } = USERS_BY_PLAN_LIST;
const { createdAt, username } = sorts;
const { email: _, ...unmasked } = filters;

/**
 * Users as staff list them. Addresses are neither sorted by nor filtered by, for a viewer could find them out letter by
 * letter, and a cursor would carry one: `search` alone takes them.
 */
export const DESK_LIST: typeof USERS_BY_PLAN_LIST = {
  resource: USERS_BY_PLAN_LIST.resource,
  entity: USERS_BY_PLAN_LIST.entity,
  sorts: { createdAt: createdAt!, username: username! },
  defaultSort: '-createdAt',
  filters: { ...unmasked, search: { kind: 'outside' } },
};

/**
 * The search in a request: how the username begins or, with an `@` in it, the e-mail address. By username, users come in
 * its order unless another is asked for.
 * @param wholeAddress whether an address must be named whole
 */
export function searchIn(wanted: Wanted, wholeAddress: boolean): { rest: Wanted; scope: Condition } {
  const { rest, values } = takenOut(wanted, 'search');
  const search = comparable(values[0]?.trim() ?? '');
  if (search === '') return { rest, scope: EVERYTHING };
  if (!search.includes('@')) return { rest: ordered(rest), scope: beginsWith('username_key', search) };
  return { rest, scope: wholeAddress ? { sql: 'email_key = ?', values: [search] } : beginsWith('email_key', search) };
}

function ordered(wanted: Wanted): Wanted {
  return wanted.sort === undefined && wanted.cursor === undefined ? { ...wanted, sort: 'username' } : wanted;
}
