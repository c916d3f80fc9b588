import { Entity } from 'typeorm';
import { IdColumn, InstantColumn, WordColumn } from '../platform/database/columns.js';

/**
 * Whoever can own things or sign in: a user, a staff member or an admin. Their own tables hold who they are; what they
 * own points here, so that a deleted user's things survive until the deletion is final and go with this row then.
 */
@Entity('principals')
export class Principal {
  @IdColumn()
  id!: string;

  @WordColumn()
  kind!: string;

  @InstantColumn()
  createdAt!: Date;
}
