import { Column, Entity } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, LooseIdColumn, RefColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import { Principal } from '../users/principal.entity.js';

/** A time-boxed exception from a user's plan, with its reason. The newest one counts. */
@Entity('usage_overrides')
export class UsageOverride {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal)
  userId!: string;

  /** Null where the plan decides, -1 is unlimited. */
  @Column('int', { nullable: true })
  conversationsPerDay!: number | null;

  @AmountColumn({ nullable: true })
  creditsPerMonth: number | null = null;

  @Column('int', { nullable: true })
  requestsPerMinute: number | null = null;

  /** When it ends, or was ended. */
  @InstantColumn()
  until!: Date;

  @Column('varchar', { length: 500 })
  reason!: string;

  @LooseIdColumn({ nullable: true })
  grantedBy: string | null = null;

  @InstantColumn()
  createdAt!: Date;
}
