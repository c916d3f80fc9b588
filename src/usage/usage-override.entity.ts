import { Column, Entity } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, RefColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import { Principal } from '../users/principal.entity.js';

/** A time-boxed exception from a user's plan, with its reason. The newest one counts. */
@Entity('usage_overrides')
export class UsageOverride {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal)
  userId!: string;

  /** Null is unlimited. */
  @Column('int', { nullable: true })
  conversationsPerDay!: number | null;

  @InstantColumn()
  until!: Date;

  @Column('varchar', { length: 500 })
  reason!: string;

  @LooseIdColumn({ nullable: true })
  grantedBy: string | null = null;

  @InstantColumn()
  createdAt!: Date;
}
