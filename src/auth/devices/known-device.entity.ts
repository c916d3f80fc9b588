import { Column, Entity } from 'typeorm';
import { InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

/** A program on a network from which a principal has signed in. */
@Entity('known_devices')
export class KnownDevice {
  /** Hash of the principal, the network and the program's name for itself. */
  @Column('varchar', { length: 43, primary: true })
  id!: string;

  @RefColumn(() => Principal)
  principalId!: string;

  @Column('varchar', { length: 64 })
  network!: string;

  @Column('varchar', { length: 512 })
  userAgent!: string;

  @InstantColumn()
  firstSeenAt!: Date;

  @InstantColumn()
  lastSeenAt!: Date;
}
