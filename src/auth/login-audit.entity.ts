import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';

/** Every attempt to sign in, good or bad. The indexes that go on with the time serve `SIGN_INS_LIST`. */
@Entity('auth_login_audit')
@Index(['principalId', 'id'])
@Index('auth_login_audit_at', ['at', 'id'])
@Index('auth_login_audit_kind', ['kind', 'at', 'id'])
@Index('auth_login_audit_principal', ['principalId', 'at', 'id'])
@Index('auth_login_audit_username', ['username', 'at', 'id'])
@Index('auth_login_audit_ip', ['ip', 'at', 'id'])
@Index('auth_login_audit_ok', ['ok', 'at', 'id'])
@Index('auth_login_audit_reason', ['reason', 'at', 'id'])
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
