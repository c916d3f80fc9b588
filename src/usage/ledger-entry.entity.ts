import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { Principal } from '../users/principal.entity.js';

export enum LedgerKind {
  Grant = 'grant',
  Spend = 'spend',
  Refund = 'refund',
  Expire = 'expire',
  Adjust = 'adjust',
}

/** One movement of a user's credits. Never changed; the amounts of a user add up to the balance. */
@Entity('credit_ledger')
@Index(['userId', 'at', 'id'])
export class LedgerEntry {
  @IdColumn()
  id!: string;

  @RefColumn(() => Principal, { index: false })
  userId!: string;

  @WordColumn()
  kind!: LedgerKind;

  /** Credits; negative when they leave. */
  @AmountColumn()
  amount!: number;

  @AmountColumn()
  balanceAfter!: number;

  @WordColumn()
  actorKind!: string;

  @LooseIdColumn({ nullable: true })
  actorId: string | null = null;

  @Column('varchar', { length: 500, nullable: true })
  reason: string | null = null;

  /** What it was for, such as a reservation's id. */
  @Column('varchar', { length: 64, nullable: true })
  reference: string | null = null;

  @InstantColumn()
  at!: Date;
}
