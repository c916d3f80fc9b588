import { Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn } from '../../platform/database/columns.js';

/** That somebody was erased, for as long as something of theirs may still be on its way to a table without foreign keys. */
@Entity('erased_users')
export class ErasedUser {
  @IdColumn()
  id!: string;

  @Index()
  @InstantColumn()
  erasedAt!: Date;
}
