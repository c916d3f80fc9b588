import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { LedgerEntry } from './ledger-entry.entity.js';
import { wordOf } from './override-terms.js';
import { Reservation } from './reservation.entity.js';
import { UsageAccount } from './usage-account.entity.js';
import { UsageDay } from './usage-day.entity.js';
import { UsageOverride } from './usage-override.entity.js';

/** What this module holds about a user. */
@Injectable()
export class PersonalUsage {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register(
      { path: 'usage/account.json', about: 'What you have used today and have left.', tables: ['usage_accounts'], rows: (id) => this.accounts(id) },
      { path: 'usage/days.json', about: 'What you used on each day before.', tables: ['usage_days'], rows: (id) => this.days(id) },
      { path: 'usage/ledger.ndjson', about: 'Every movement of your credits.', tables: ['credit_ledger'], rows: (id) => this.ledger(id) },
      { path: 'usage/reservations.json', about: 'Conversations and credits that were taken in advance.', tables: ['usage_reservations'], rows: (id) => this.reservations(id) },
      { path: 'usage/overrides.json', about: 'Exceptions from your plan.', tables: ['usage_overrides'], rows: (id) => this.overrides(id) },
    );
    const owned = ['credit_ledger', 'usage_days', 'usage_reservations', 'usage_overrides', 'usage_accounts'];
    erasure.register(...owned.map((table) => new OwnedRows(sql, table, 'user_id')));
  }

  private async *accounts(userId: string): AsyncGenerator<object> {
    for await (const account of inBatches(this.db, UsageAccount, { userId }, 'userId')) {
      const { planId, day, used, spent, balance, planBalance, month, overrideConversations, overrideCredits, overrideRequests, overrideUntil } = account;
      yield { planId, day, used, spent, balance, planBalance, month, overrideConversations: wordOf(overrideConversations), overrideCredits, overrideRequests: wordOf(overrideRequests), overrideUntil };
    }
  }

  private async *days(userId: string): AsyncGenerator<object> {
    for await (const { day, conversations, credits } of inBatches(this.db, UsageDay, { userId }, 'day')) yield { day, conversations, credits };
  }

  private async *ledger(userId: string): AsyncGenerator<object> {
    for await (const entry of inBatches(this.db, LedgerEntry, { userId }, 'id')) {
      const { id, kind, amount, balanceAfter, actorKind, reason, reference, at } = entry;
      yield { id, kind, amount, balanceAfter, by: entry.actorId === userId ? 'you' : actorKind, reason, reference, at };
    }
  }

  private async *reservations(userId: string): AsyncGenerator<object> {
    for await (const reservation of inBatches(this.db, Reservation, { userId }, 'id')) {
      const { id, status, conversations, credits, planCredits, day, settledCredits, expiresAt, createdAt } = reservation;
      yield { id, status, conversations, credits, planCredits, day, settledCredits, expiresAt, createdAt };
    }
  }

  private async *overrides(userId: string): AsyncGenerator<object> {
    for await (const { id, conversationsPerDay, creditsPerMonth, requestsPerMinute, until, reason, createdAt } of inBatches(this.db, UsageOverride, { userId }, 'id')) {
      yield { id, conversationsPerDay: wordOf(conversationsPerDay), creditsPerMonth, requestsPerMinute: wordOf(requestsPerMinute), until, reason, createdAt };
    }
  }
}
