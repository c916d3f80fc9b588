import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { Principal } from '../users/principal.entity.js';

export enum ReservationStatus {
  Held = 'held',
  Settled = 'settled',
  Released = 'released',
  Expired = 'expired',
}

/** Conversations and credits taken in advance, for work whose price is known only at its end. */
@Entity('usage_reservations')
@Index(['userId', 'status', 'expiresAt'])
@Index(['status', 'expiresAt'])
export class Reservation {
  @IdColumn()
  id!: string;

  @RefColumn(() => Principal, { index: false })
  userId!: string;

  @WordColumn()
  status!: ReservationStatus;

  @Column('int')
  conversations!: number;

  @AmountColumn()
  credits!: number;

  /** The part of the credits that came from the plan's monthly grant. */
  @AmountColumn()
  planCredits!: number;

  /** The local day it counts for. */
  @Column('varchar', { length: 10 })
  day!: string;

  @Column('varchar', { length: 7 })
  month!: string;

  /** What it cost in the end. */
  @AmountColumn({ nullable: true })
  settledCredits: number | null = null;

  /** A lease: past it, what was held is given back. */
  @InstantColumn()
  expiresAt!: Date;

  @InstantColumn()
  createdAt!: Date;
}
