import { Column, Entity } from 'typeorm';
import { InstantColumn, RefColumn } from '../platform/database/columns.js';
import { Principal } from './principal.entity.js';

/** The key under which a user's text is encrypted. It goes with the principal, and all that text with it. */
@Entity('data_keys')
export class DataKey {
  @RefColumn(() => Principal, { primary: true })
  userId!: string;

  /** Encrypted under the master key. */
  @Column('varchar', { length: 255 })
  wrapped!: string;

  @InstantColumn()
  createdAt!: Date;
}
