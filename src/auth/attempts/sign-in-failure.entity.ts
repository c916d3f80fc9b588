import { Column, Entity, Index } from 'typeorm';
import { InstantColumn } from '../../platform/database/columns.js';

/** Failures counted against an account, a network, a device, or an account from one network. */
@Entity('sign_in_failures')
@Index(['lastAt'])
export class SignInFailure {
  /** Hash of what is counted, so that the table names nobody. */
  @Column('varchar', { length: 43, primary: true })
  id!: string;

  @Column('int')
  failures!: number;

  @InstantColumn()
  windowStartedAt!: Date;

  @InstantColumn()
  lastAt!: Date;
}
