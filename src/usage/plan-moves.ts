import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { Changes } from '../platform/changes/changes.js';
import { Problem } from '../platform/problems/problem.js';
import { ValidationFailed } from '../platform/problems/problems.js';
import { StaleVersion } from '../users/users.problems.js';
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
  ) {}

  async replace(who: Who, id: string, byId: string, ifVersion?: number): Promise<PlanRecord> {
    const plan = await this.plans.get(id);
    if (ifVersion !== undefined && ifVersion !== plan.version) throw new StaleVersion(plan.version);
    if (plan.isDefault) throw new PlanIsDefault();
    await this.demandOther(id, byId);
    while (await this.moveSome(who, id, byId));
    return this.plans.remove(who, id);
  }

  private async demandOther(id: string, byId: string): Promise<void> {
    const isThere = id !== byId && (await this.plans.get(byId).then(() => true, isMissing));
    if (!isThere) throw new ValidationFailed([{ pointer: 'moveTo', code: 'plan', detail: 'moveTo must be the id of another plan.' }]);
  }

  /** Answers whether there may be more. */
  private async moveSome(who: Who, id: string, byId: string): Promise<boolean> {
    const accounts = await this.db.find(UsageAccount, { where: { planId: id }, select: { userId: true }, order: { userId: 'ASC' }, take: AT_ONCE });
    if (accounts.length === 0) return false;
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(UsageAccount, { userId: In(accounts.map(({ userId }) => userId)), planId: id }, { planId: byId });
      await this.audit.record(tx, who, 'plans.move-users', id, { after: { plan: byId, users: affected ?? 0 } });
      await this.changes.announce(tx, 'plans', id);
    });
    return accounts.length === AT_ONCE;
  }
}

function isMissing(error: unknown): false {
  if (error instanceof Problem && error.kind === 'not-found') return false;
  throw error;
}
