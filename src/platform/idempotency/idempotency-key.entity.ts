import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { InstantColumn } from '../database/columns.js';

/** The answer to a request that must not be carried out twice. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  /** Who sent it: the principal, or the service key. */
  @PrimaryColumn('varchar', { length: 36 })
  callerId!: string;

  @PrimaryColumn('varchar', { length: 255 })
  idempotencyKey!: string;

  @Column('varchar', { length: 128 })
  route!: string;

  /** A keyed hash of the body, base64url: bodies may hold passwords. */
  @Column('varchar', { length: 43 })
  bodyHash!: string;

  /** The answer, sealed: it may hold a key that is shown once. */
  @Column('text')
  answer!: string;

  @Index()
  @InstantColumn()
  createdAt!: Date;
}
