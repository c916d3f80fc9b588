import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn } from '../database/columns.js';

/** A secret of the installation itself, wrapped by the master key. */
@Entity('secrets')
export class Secret {
  @PrimaryColumn('varchar', { length: 64 })
  name!: string;

  @Column('varchar', { length: 255 })
  wrapped!: string;

  @InstantColumn()
  createdAt!: Date;
}
