import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, SYSTEM } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { isDuplicate } from '../platform/database/failures.js';
import { insertRow } from '../platform/database/insert-row.js';
import { rowLock } from '../platform/database/row-lock.js';
import { Plan } from './plan.entity.js';
import { PlanBook } from './plan-book.js';
import { NeedsDefaultPlan, UnknownPlan } from './usage.problems.js';

export type PlanChange = Partial<Pick<Plan, 'conversationsPerDay' | 'creditsPerMonth' | 'requestsPerMinute' | 'features' | 'isDefault'>>;

/** The plan of a new installation: enough to try everything. */
const FIRST: PlanChange & { name: string } = { name: 'free', conversationsPerDay: 100, creditsPerMonth: 0 };

@Injectable()
export class PlansService implements OnApplicationBootstrap {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly book: PlanBook,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.db.exists(Plan)) return;
    try {
      await this.set(SYSTEM, FIRST.name, { ...FIRST, isDefault: true });
    } catch (error) {
      // Another instance that started at the same moment was first.
      if (!isDuplicate(error)) throw error;
    }
  }

  list(): Promise<Plan[]> {
    return this.db.find(Plan, { order: { name: 'ASC' } });
  }

  async byName(name: string): Promise<Plan> {
    const plan = await this.db.findOneBy(Plan, { name });
    if (!plan) throw new UnknownPlan(name);
    return plan;
  }

  /** Makes the plan of this name or changes what is given of it. There is always exactly one default plan. */
  async set(actor: AuditActor | typeof SYSTEM, name: string, change: PlanChange): Promise<Plan> {
    const plan = await this.db.transaction(async (tx) => {
      // All of them, in one order: two that are made the default at once would else both be.
      const plans = await tx.find(Plan, { order: { id: 'ASC' }, lock: rowLock(tx) });
      const known = plans.find((one) => one.name === name);
      if (known?.isDefault && change.isDefault === false) throw new NeedsDefaultPlan();
      const now = this.clock.now();
      const plan = known ?? Object.assign(new Plan(), { name, createdAt: now, version: 1 });
      const before = known ? termsOf(known) : undefined;
      Object.assign(plan, given(change), { name, updatedAt: now });
      if (change.isDefault) await tx.update(Plan, { isDefault: true }, { isDefault: false });
      if (known) await tx.save(plan);
      else await insertRow(tx, Plan, plan);
      await this.audit.record(tx, actor, known ? 'plans.update' : 'plans.create', plan.id, { before, after: termsOf(plan) });
      return plan;
    });
    this.book.forget();
    return plan;
  }
}

function given(change: PlanChange): PlanChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function termsOf({ name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault }: Plan): Record<string, unknown> {
  return { name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault };
}
