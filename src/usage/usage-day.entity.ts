import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AmountColumn, RefColumn } from '../platform/database/columns.js';
import { Principal } from '../users/principal.entity.js';

/** What a user used on a local day that is over. */
@Entity('usage_days')
export class UsageDay {
  @RefColumn(() => Principal, { primary: true })
  userId!: string;

  @PrimaryColumn('varchar', { length: 10 })
  day!: string;

  @Column('int')
  conversations!: number;

  @AmountColumn()
  credits!: number;
}
