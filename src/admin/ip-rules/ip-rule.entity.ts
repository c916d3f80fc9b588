import { Column, Entity, VersionColumn } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';

/** A network that callers are let in from. */
@Entity('ip_rules')
export class IpRule {
  @IdColumn()
  id: string = newId();

  /** The network in its canonical spelling: `192.0.2.0/24`. */
  @Column('varchar', { length: 64 })
  cidr!: string;

  @WordColumn()
  appliesTo!: 'admin' | 'staff' | 'all';

  @WordColumn()
  mode: 'enforce' | 'report' = 'enforce';

  @Column('varchar', { length: 500, nullable: true })
  note: string | null = null;

  @InstantColumn()
  createdAt!: Date;

  /** The admin who made it; null for the command line. Outlives its maker. */
  @LooseIdColumn({ nullable: true })
  createdBy: string | null = null;

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;
}
