import { Column, Entity } from 'typeorm';
import { InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

/** How a principal of any kind proves who it is. */
@Entity('credentials')
export class Credential {
  @RefColumn(() => Principal, { primary: true })
  principalId!: string;

  /** In PHC form: the algorithm and its cost are part of it. */
  @Column('varchar', { length: 255 })
  passwordHash!: string;

  @InstantColumn()
  changedAt!: Date;

  /** Nothing else can be done until the password was changed. */
  @Column('boolean')
  mustChange: boolean = false;
}
