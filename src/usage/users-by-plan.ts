import { Injectable } from '@nestjs/common';
import { placeholders } from '../platform/database/sql.js';
import { all, EVERYTHING } from '../platform/lists/conditions.js';
import { refuse } from '../platform/lists/dialects.js';
import type { Condition } from '../platform/lists/listing.js';
import type { ListPage } from '../platform/lists/lists.js';
import { takenOut, type Wanted } from '../platform/lists/wanted.js';
import type { UserSnapshot } from '../users/user-snapshot.js';
import { USERS_LIST } from '../users/users.list.js';
import { UsersService } from '../users/users.service.js';
import { PlansService } from './plans.service.js';

/** The list of users with one more filter, which only this module can answer. */
export const USERS_BY_PLAN_LIST: typeof USERS_LIST = { ...USERS_LIST, filters: { ...USERS_LIST.filters, plan: { kind: 'outside' } } };

/** Who has a plan, by its name; with the default plan go all who have none of their own. */
@Injectable()
export class UsersByPlan {
  constructor(
    private readonly users: UsersService,
    private readonly plans: PlansService,
  ) {}

  async list(wanted: Wanted, listing = USERS_BY_PLAN_LIST, scope = EVERYTHING): Promise<ListPage<UserSnapshot>> {
    const { rest, values } = takenOut(wanted, 'plan');
    const condition = await this.conditionOf(values);
    return this.users.list(rest, listing, condition === EVERYTHING ? scope : all([scope, condition]));
  }

  /** Any of these plans. A few accounts are looked up by their plan; most users are told by not being among the few others. */
  private async conditionOf(names: readonly string[]): Promise<Condition> {
    if (names.length === 0) return EVERYTHING;
    const plans = (await this.plans.all()).filter(({ name }) => names.includes(name));
    if (plans.length < new Set(names).size) refuse('plan', 'unknown', 'There is no plan of this name.');
    const ids = plans.map(({ id }) => id);
    const marks = placeholders(ids.length);
    if (plans.every(({ isDefault }) => !isDefault)) return { sql: `users.id IN (SELECT user_id FROM usage_accounts WHERE plan_id IN (${marks}))`, values: ids };
    return { sql: `NOT EXISTS (SELECT 1 FROM usage_accounts WHERE usage_accounts.user_id = users.id AND plan_id IS NOT NULL AND plan_id NOT IN (${marks}))`, values: ids };
  }
}
