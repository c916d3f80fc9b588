import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/** A sign-in whose password was right and that waits for the code. */
@Entity('mfa_challenges')
@Index(['expiresAt'])
export class MfaChallenge {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal)
  principalId!: string;

  @WordColumn()
  kind!: string;

  /** The name as typed in the first step. */
  @Column('varchar', { length: 254 })
  login!: string;

  /** Where the first step came from. */
  @Column('varchar', { length: 64 })
  ip!: string;

  @Column('varchar', { length: 512 })
  userAgent!: string;

  /** The known device that the first step proved. */
  @Column('varchar', { length: 43, nullable: true })
  deviceId: string | null = null;

  /** Codes that were tried. */
  @Column('int')
  tries: number = 0;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  expiresAt!: Date;

  @InstantColumn({ nullable: true })
  usedAt: Date | null = null;
}
