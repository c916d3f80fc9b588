import { Column, Entity } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/** Signs in once in place of the authenticator app. */
@Entity('recovery_codes')
export class RecoveryCode {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal)
  principalId!: string;

  /** The code has 80 random bits: a plain hash of it cannot be searched. */
  @Column('varchar', { length: 43 })
  hash!: string;

  @InstantColumn({ nullable: true })
  usedAt: Date | null = null;
}
