import { Column, Entity, Index } from 'typeorm';
import { InstantColumn, LooseIdColumn, WordColumn } from '../platform/database/columns.js';
import { UserRecord } from './user-record.js';

/**
 * A deleted user's row as it was, status included, until it is restored or erased for good. The names in it stay
 * reserved: who gives a name writes `users` first and looks here afterwards, in one transaction, and rows move between
 * the two tables in one.
 */
@Entity('deleted_users')
@Index('deleted_users_email_key', ['emailKey'], { unique: true })
@Index('deleted_users_username_key', ['usernameKey'], { unique: true })
@Index('deleted_users_deleted_at', ['deletedAt', 'id'])
export class DeletedUser extends UserRecord {
  @InstantColumn()
  deletedAt!: Date;

  @WordColumn()
  deletedByKind!: string;

  /** Null is the service itself or its command line. */
  @LooseIdColumn({ nullable: true })
  deletedById!: string | null;

  @Column('varchar', { length: 500, nullable: true })
  deleteReason!: string | null;

  /** From then on the user is erased for good. */
  @Index()
  @InstantColumn()
  purgeAfter!: Date;

  /** Set when erasing began: there is no way back from then on. */
  @InstantColumn({ nullable: true })
  erasingAt!: Date | null;
}
