import { Column, Entity, Index } from 'typeorm';
import { InstantColumn } from '../../platform/database/columns.js';

/** Failures counted against an account, a network, a device, or an account from one network. */
@Entity('sign_in_failures')
@Index(['lastAt'])
export class SignInFailure {
  /** Hash of what is counted, so that the table names nobody. */
  @Column('varchar', { length: 43, primary: true })
  id!: string;

  /** Hash of the account, known or not, whose failures these are; null where they are a network's. */
  @Index('sign_in_failures_account')
  @Column('varchar', { length: 43, nullable: true })
  account: string | null = null;

  @Column('int')
  failures!: number;

  @InstantColumn()
  windowStartedAt!: Date;

  @InstantColumn()
  lastAt!: Date;
}
