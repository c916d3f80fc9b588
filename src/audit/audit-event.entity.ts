import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, LooseIdColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';

/** One security-relevant or administrative change. Outlives what it names, so it has no foreign keys. */
@Entity('audit_events')
@Index(['targetId', 'id'])
@Index(['actorId', 'id'])
@Index(['action', 'id'])
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
}
