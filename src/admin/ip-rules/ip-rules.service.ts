import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { enforced, type NetworkRule, refuses } from '../../access/network-rules.js';
import { AuditService, SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { canonicalNetwork } from '../../platform/network/networks.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { IpRule } from './ip-rule.entity.js';
import { IP_RULES_LIST } from './ip-rules.list.js';
import { LocksOut, TooManyIpRules } from './ip-rules.problems.js';

const MOST_RULES = 500;

export type IpRuleTerms = Pick<IpRule, 'cidr' | 'appliesTo' | 'mode'> & { note?: string | null };
type Author = Actor | typeof SYSTEM;

@Injectable()
export class IpRulesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly idempotency: Idempotency,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly lists: Lists,
  ) {}

  list(wanted: Wanted): Promise<ListPage<IpRule>> {
    return this.lists.page(IP_RULES_LIST, wanted);
  }

  all(): Promise<IpRule[]> {
    return this.db.find(IpRule, { order: { id: 'ASC' } });
  }

  async get(id: string): Promise<IpRule> {
    const rule = await this.db.findOneBy(IpRule, { id });
    if (!rule) throw new NotFound('ip-rule');
    return rule;
  }

  create<T extends object>(author: Author, terms: IpRuleTerms, answer: (rule: IpRule) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const rules = await this.lock(tx);
      if (rules.length >= MOST_RULES) throw new TooManyIpRules(MOST_RULES);
      const now = this.clock.now();
      const rule = Object.assign(new IpRule(), cleaned(terms), { createdAt: now, updatedAt: now, createdBy: author.id, version: 1 });
      refuseLockOut(author, [...rules, rule]);
      await insertRow(tx, IpRule, rule);
      await this.note(tx, author, 'ip-rules.create', rule.id, { after: termsOf(rule) });
      return answer(rule);
    });
  }

  update(author: Author, id: string, change: Partial<IpRuleTerms>, ifVersion?: number): Promise<IpRule> {
    return this.db.transaction(async (tx) => {
      const rules = await this.lock(tx);
      const rule = among(rules, id, ifVersion);
      const before = termsOf(rule);
      Object.assign(rule, cleaned(change), { updatedAt: this.clock.now() });
      refuseLockOut(author, rules);
      await this.note(tx, author, 'ip-rules.update', id, { before, after: termsOf(rule) });
      return tx.save(rule);
    });
  }

  remove(author: Author, id: string, ifVersion?: number): Promise<IpRule> {
    return this.db.transaction(async (tx) => {
      const rules = await this.lock(tx);
      const rule = among(rules, id, ifVersion);
      refuseLockOut(author, rules.filter((other) => other !== rule));
      await tx.delete(IpRule, { id });
      await this.note(tx, author, 'ip-rules.delete', id, { before: termsOf(rule) });
      return rule;
    });
  }

  /** Removes them all; answers how many there were. */
  async clear(author: Author): Promise<number> {
    const rules = await this.all();
    for (const { id } of rules) await this.remove(author, id);
    return rules.length;
  }

  /** Every rule, held until the end: two changes at once that together lock somebody out see each other. */
  private lock(tx: EntityManager): Promise<IpRule[]> {
    return tx.find(IpRule, { order: { id: 'ASC' }, lock: rowLock(tx) });
  }

  private async note(tx: EntityManager, author: Author, action: string, id: string, terms: { before?: Record<string, unknown>; after?: Record<string, unknown> }): Promise<void> {
    await this.audit.record(tx, author, action, id, terms);
    await this.changes.announce(tx, 'ip-rules', id);
  }
}

/** The command line locks nobody out of itself. */
function refuseLockOut(author: Author, rules: readonly NetworkRule[]): void {
  if (!('permissions' in author)) return;
  const { kind, origin } = author;
  if (refuses(enforced(rules), kind, origin.ip)) throw new LocksOut(origin.ip);
}

function among(rules: readonly IpRule[], id: string, ifVersion: number | undefined): IpRule {
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new NotFound('ip-rule');
  if (ifVersion !== undefined && ifVersion !== rule.version) throw new StaleVersion(rule.version);
  return rule;
}

/** What was given, the network in its canonical spelling. */
function cleaned({ cidr, appliesTo, mode, note }: Partial<IpRuleTerms>): Partial<IpRuleTerms> {
  const terms = { cidr: cidr === undefined ? undefined : canonicalNetwork(cidr), appliesTo, mode, note };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}

function termsOf({ cidr, appliesTo, mode, note }: IpRule): Record<string, unknown> {
  return { cidr, appliesTo, mode, note };
}
