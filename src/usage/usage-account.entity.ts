import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, InstantColumn, RefColumn } from '../platform/database/columns.js';
import { Principal } from '../users/principal.entity.js';
import { Plan } from './plan.entity.js';

/**
 * What a user has used and has left: one narrow row, so that a consumption locks and writes one row. It counts for the
 * local day and month it names; whoever touches it on a later day opens that day first, so no job has to.
 */
@Entity('usage_accounts')
export class UsageAccount {
  @RefColumn(() => Principal, { primary: true })
  userId!: string;

  /** Null for the default plan, whichever that is at the moment. */
  @RefColumn(() => Plan, { nullable: true, onDelete: 'SET NULL' })
  planId: string | null = null;

  /** The user's local day that `used` and `spent` belong to, `YYYY-MM-DD`; empty before the first use. */
  @Column('varchar', { length: 10 })
  day: string = '';

  /** Conversations of that day. */
  @Column('int')
  used: number = 0;

  /** Credits spent that day. */
  @AmountColumn()
  spent: number = 0;

  /** Credits left: the sum of the user's ledger, never below zero. */
  @AmountColumn()
  balance: number = 0;

  /** The part of the balance that the plan granted this month and that ends with it. */
  @AmountColumn()
  planBalance: number = 0;

  /** The local month that the plan's credits were granted for, `YYYY-MM`. */
  @Index()
  @Column('varchar', { length: 7 })
  month: string = '';

  /** The override in force, copied here so that a consumption reads one row: null where the plan decides, -1 is unlimited. */
  @Column('int', { nullable: true })
  overrideConversations: number | null = null;

  @AmountColumn({ nullable: true })
  overrideCredits: number | null = null;

  @Index()
  @Column('int', { nullable: true })
  overrideRequests: number | null = null;

  @Index()
  @InstantColumn({ nullable: true })
  overrideUntil: Date | null = null;
}
