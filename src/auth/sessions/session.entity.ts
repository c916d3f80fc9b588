import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

/** One sign-in of a principal, until it is ended. */
@Entity('sessions')
@Index(['principalId', 'endedAt'])
export class Session {
  @IdColumn()
  id!: string;

  @RefColumn(() => Principal, { index: false })
  principalId!: string;

  @WordColumn()
  kind!: string;

  /** Which refresh token is the current one: each use makes the next. */
  @Column('int')
  generation: number = 1;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  rotatedAt!: Date;

  /** When it was last refreshed. */
  @InstantColumn()
  lastUsedAt!: Date;

  /** Without a refresh until then the session is over. */
  @InstantColumn()
  idleUntil!: Date;

  @InstantColumn()
  expiresAt!: Date;

  @InstantColumn({ nullable: true })
  endedAt: Date | null = null;

  @WordColumn({ nullable: true })
  endReason: string | null = null;

  @Column('varchar', { length: 64 })
  ip!: string;

  @Column('varchar', { length: 512 })
  userAgent!: string;

  /** The admin who acts as the principal, where it is not the principal's own sign-in. */
  @LooseIdColumn({ nullable: true })
  impersonatorId: string | null = null;

  /** The admin's own session, without which this one is nothing. */
  @LooseIdColumn({ nullable: true })
  impersonatorSessionId: string | null = null;
}
