import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, SYSTEM } from '../audit/audit.service.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { isDuplicate } from '../platform/database/failures.js';
import { insertRow } from '../platform/database/insert-row.js';
import { rowLock } from '../platform/database/row-lock.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Plan } from './plan.entity.js';
import { PLANS_LIST } from './plans.list.js';
import { NeedsDefaultPlan, PlanExists, PlanInUse, PlanIsDefault, UnknownPlan } from './usage.problems.js';
import { UsageAccount } from './usage-account.entity.js';

export type PlanChange = Partial<Pick<Plan, 'name' | 'conversationsPerDay' | 'creditsPerMonth' | 'requestsPerMinute' | 'features' | 'isDefault'>>;
/** A plan as other modules know it. */
export type PlanRecord = Readonly<Plan>;
type Who = AuditActor | typeof SYSTEM;

/** The plan of a new installation: enough to try everything. */
const FIRST: PlanChange & { name: string } = { name: 'free', conversationsPerDay: 100, creditsPerMonth: 0, isDefault: true };

/** Plans; there is always exactly one default plan. A change holds everywhere within two seconds. */
@Injectable()
export class PlansService implements OnApplicationBootstrap {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.db.exists(Plan)) return;
    try {
      await this.set(SYSTEM, FIRST.name, FIRST);
    } catch (error) {
      // Another instance that started at the same moment was first.
      if (!(error instanceof PlanExists)) throw error;
    }
  }

  list(wanted: Wanted): Promise<ListPage<PlanRecord>> {
    return this.lists.page(PLANS_LIST, wanted);
  }

  all(): Promise<PlanRecord[]> {
    return this.db.find(Plan, { order: { name: 'ASC' } });
  }

  async get(id: string): Promise<PlanRecord> {
    const plan = await this.db.findOneBy(Plan, { id });
    if (!plan) throw new NotFound('plan');
    return plan;
  }

  async byName(name: string): Promise<PlanRecord> {
    const plan = await this.db.findOneBy(Plan, { name });
    if (!plan) throw new UnknownPlan(name);
    return plan;
  }

  create<T extends object>(who: Who, terms: PlanChange & { name: string }, answer: (plan: PlanRecord) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const plans = await this.hold(tx);
      if (plans.some(({ name }) => name === terms.name)) throw new PlanExists(terms.name);
      return answer(await this.add(tx, who, terms));
    });
  }

  update(who: Who, id: string, change: PlanChange, ifVersion?: number): Promise<PlanRecord> {
    return this.db.transaction(async (tx) => this.change(tx, who, among(await this.hold(tx), id, ifVersion), change));
  }

  /** Makes the plan of this name or changes what is given of it. */
  set(who: Who, name: string, change: PlanChange): Promise<PlanRecord> {
    return this.db.transaction(async (tx) => {
      const known = (await this.hold(tx)).find((plan) => plan.name === name);
      return known ? this.change(tx, who, known, change) : this.add(tx, who, { ...change, name });
    });
  }

  /** Only a plan that nobody has: else their limits would change without a word. */
  remove(who: Who, id: string, ifVersion?: number): Promise<PlanRecord> {
    return this.db.transaction(async (tx) => {
      // Held, a plan can be given to nobody: who counts its users now counts them all.
      const plan = among(await this.hold(tx), id, ifVersion);
      if (plan.isDefault) throw new PlanIsDefault();
      const users = await tx.countBy(UsageAccount, { planId: id });
      if (users > 0) throw new PlanInUse(users);
      await tx.delete(Plan, { id });
      await this.note(tx, who, 'plans.delete', id, { before: termsOf(plan) });
      return plan;
    });
  }

  /** Every plan, in one order: two that are made the default at once would else both be. */
  private hold(tx: EntityManager): Promise<Plan[]> {
    return tx.find(Plan, { order: { id: 'ASC' }, lock: rowLock(tx) });
  }

  private async add(tx: EntityManager, who: Who, terms: PlanChange & { name: string }): Promise<Plan> {
    const now = this.clock.now();
    const plan = Object.assign(new Plan(), given(terms), { createdAt: now, updatedAt: now, version: 1 });
    if (plan.isDefault) await this.endDefault(tx);
    await named(plan.name, () => insertRow(tx, Plan, plan));
    await this.note(tx, who, 'plans.create', plan.id, { after: termsOf(plan) });
    return plan;
  }

  private async change(tx: EntityManager, who: Who, plan: Plan, change: PlanChange): Promise<Plan> {
    if (plan.isDefault && change.isDefault === false) throw new NeedsDefaultPlan();
    const before = termsOf(plan);
    if (change.isDefault && !plan.isDefault) await this.endDefault(tx);
    Object.assign(plan, given(change), { updatedAt: this.clock.now() });
    await named(plan.name, () => tx.save(plan));
    await this.note(tx, who, 'plans.update', plan.id, { before, after: termsOf(plan) });
    return plan;
  }

  private async endDefault(tx: EntityManager): Promise<void> {
    await tx.update(Plan, { isDefault: true }, { isDefault: false });
  }

  private async note(tx: EntityManager, who: Who, action: string, id: string, terms: { before?: Record<string, unknown>; after?: Record<string, unknown> }): Promise<void> {
    await this.audit.record(tx, who, action, id, terms);
    await this.changes.announce(tx, 'plans', id);
  }
}

function among(plans: readonly Plan[], id: string, ifVersion: number | undefined): Plan {
  const plan = plans.find((one) => one.id === id);
  if (!plan) throw new NotFound('plan');
  if (ifVersion !== undefined && ifVersion !== plan.version) throw new StaleVersion(plan.version);
  return plan;
}

function given(change: PlanChange): PlanChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function termsOf({ name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault }: Plan): Record<string, unknown> {
  return { name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault };
}

async function named<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isDuplicate(error) ? new PlanExists(name) : error;
  }
}
