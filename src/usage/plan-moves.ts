import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { Changes } from '../platform/changes/changes.js';
import { rowLock } from '../platform/database/row-lock.js';
import { Problem } from '../platform/problems/problem.js';
import { StaleVersion, ValidationFailed } from '../platform/problems/problems.js';
import { Events } from '../webhooks/events.js';
import { type PlanRecord, PlansService } from './plans.service.js';
import { PlanIsDefault } from './usage.problems.js';
import { UsageAccount } from './usage-account.entity.js';

const AT_ONCE = 500;
type Who = AuditActor | typeof SYSTEM;

/** Gives all users of a plan another one before it goes, some hundred at a time: nobody waits for a million rows. */
@Injectable()
export class PlanMoves {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly plans: PlansService,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly events: Events,
  ) {}

  async replace(who: Who, id: string, byId: string, ifVersion?: number): Promise<PlanRecord> {
    const plan = await this.plans.get(id);
    if (ifVersion !== undefined && ifVersion !== plan.version) throw new StaleVersion(plan.version);
    if (plan.isDefault) throw new PlanIsDefault();
    const { name } = await this.demandOther(id, byId);
    while (await this.moveSome(who, id, { id: byId, name }));
    return this.plans.remove(who, id);
  }

  private async demandOther(id: string, byId: string): Promise<PlanRecord> {
    const other = id === byId ? undefined : await this.plans.get(byId).catch(missing);
    if (!other) throw new ValidationFailed([{ pointer: 'moveTo', code: 'plan', detail: 'moveTo must be the id of another plan.' }]);
    return other;
  }

  /** Answers whether there may be more. */
  private moveSome(who: Who, id: string, other: Pick<PlanRecord, 'id' | 'name'>): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const accounts = await tx.find(UsageAccount, { where: { planId: id }, select: { userId: true }, order: { userId: 'ASC' }, take: AT_ONCE, lock: rowLock(tx) });
      if (accounts.length === 0) return false;
      await tx.update(UsageAccount, { userId: In(accounts.map(({ userId }) => userId)) }, { planId: other.id });
      await this.audit.record(tx, who, 'plans.move-users', id, { after: { plan: other.id, users: accounts.length } });
      await this.changes.announce(tx, 'plans', id);
      await this.events.emit(tx, ...accounts.map(({ userId }) => ({ type: 'user.plan-changed' as const, userId, data: { id: userId, plan: other.name } })));
      return accounts.length === AT_ONCE;
    });
  }
}

function missing(error: unknown): undefined {
  if (error instanceof Problem && error.kind === 'not-found') return undefined;
  throw error;
}
