import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, JsonColumn, LooseIdColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';

/** One security-relevant or administrative change. Outlives what it names, so it has no foreign keys. The indexes serve `AUDIT_EVENTS_LIST`. */
@Entity('audit_events')
@Index(['at', 'id'])
@Index(['targetId', 'at', 'id'])
@Index(['actorId', 'at', 'id'])
@Index(['actorKind', 'at', 'id'])
@Index(['onBehalfOf', 'at', 'id'])
@Index(['action', 'at', 'id'])
@Index(['ip', 'at', 'id'])
@Index(['requestId', 'at', 'id'])
@Index(['lane', 'seq'], { unique: true })
export class AuditEvent {
  @IdColumn()
  id: string = newId();

  @InstantColumn()
  at!: Date;

  @WordColumn()
  actorKind!: string;

  @LooseIdColumn({ nullable: true })
  actorId: string | null = null;

  /** The user for whom a service key acted. */
  @LooseIdColumn({ nullable: true })
  onBehalfOf: string | null = null;

  /** `module.what-happened`. */
  @Column('varchar', { length: 64 })
  action!: string;

  @Column('varchar', { length: 64, nullable: true })
  targetId: string | null = null;

  @JsonColumn({ nullable: true })
  before: Record<string, unknown> | null = null;

  @JsonColumn({ nullable: true })
  after: Record<string, unknown> | null = null;

  @Column('varchar', { length: 500, nullable: true })
  reason: string | null = null;

  @Column('varchar', { length: 64, nullable: true })
  ip: string | null = null;

  @Column('varchar', { length: 128, nullable: true })
  requestId: string | null = null;

  /** Which of the chains it is part of, and where. Null for rows from before there were chains, until a start takes them in. */
  @Column('int', { nullable: true })
  lane: number | null = null;

  @AmountColumn({ nullable: true })
  seq: number | null = null;

  /** Stands in the chain for `before`, `after` and `ip`. */
  @Column('varchar', { length: 43, nullable: true })
  detailsHash: string | null = null;

  /** Goes into it, and is erased with them. */
  @Column('varchar', { length: 22, nullable: true })
  salt: string | null = null;

  /** Over this row and the hash of the lane's row before; see chain.ts. */
  @Column('varchar', { length: 43, nullable: true })
  hash: string | null = null;

  /** The hash under a key that the database does not hold, so that nobody who can write to it can forge a chain. */
  @Column('varchar', { length: 43, nullable: true })
  mac: string | null = null;
}
