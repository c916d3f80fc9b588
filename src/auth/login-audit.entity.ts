import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';

/** Every attempt to sign in, good or bad. */
@Entity('auth_login_audit')
@Index(['principalId', 'id'])
@Index(['at'])
@Index('auth_login_audit_username', ['username', 'at'])
@Index('auth_login_audit_ip', ['ip', 'at'])
@Index('auth_login_audit_reason', ['reason', 'at'])
export class LoginAudit {
  @IdColumn()
  id: string = newId();

  @InstantColumn()
  at!: Date;

  @WordColumn()
  kind!: string;

  /** Known when the name belongs to somebody. */
  @LooseIdColumn({ nullable: true })
  principalId: string | null = null;

  /** As typed. */
  @Column('varchar', { length: 254 })
  username!: string;

  @Column('varchar', { length: 64 })
  ip!: string;

  @Column('varchar', { length: 512 })
  userAgent!: string;

  @Column('boolean')
  ok!: boolean;

  /** `signed-in`, or why not. */
  @WordColumn()
  reason!: string;
}
