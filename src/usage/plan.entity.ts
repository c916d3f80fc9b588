import { Column, Entity, Index, VersionColumn } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, JsonColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';

/** What its users may use. */
@Entity('plans')
export class Plan {
  @IdColumn()
  id: string = newId();

  @Index('plans_name', { unique: true })
  @Column('varchar', { length: 64 })
  name!: string;

  /** Null is unlimited. */
  @Column('int', { nullable: true })
  conversationsPerDay: number | null = null;

  @AmountColumn()
  creditsPerMonth: number = 0;

  /** Null is unlimited. */
  @Column('int', { nullable: true })
  requestsPerMinute: number | null = null;

  /** The application's own: what else the plan switches on. */
  @JsonColumn()
  features: Record<string, unknown> = {};

  /** The plan of whoever has none of their own; one plan is. */
  @Column('boolean')
  isDefault: boolean = false;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;
}
