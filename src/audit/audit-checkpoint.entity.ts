import { Column, Entity } from 'typeorm';
import { AmountColumn, InstantColumn } from '../platform/database/columns.js';

/** A signed statement of where every lane ended at an instant: rows up to there cannot be replaced or cut off unnoticed. */
@Entity('audit_checkpoints')
export class AuditCheckpoint {
  /** Checkpoints are numbered from 1 without gaps; each signs the one before it too. */
  @AmountColumn({ primary: true })
  number!: number;

  @InstantColumn()
  at!: Date;

  /** JSON text: `[[lane, seq, hash], …]` of all lanes that have rows, by lane. */
  @Column('text')
  heads!: string;

  /** Ed25519 over the statement (see checkpoint-statement.ts), base64url. */
  @Column('varchar', { length: 86 })
  signature!: string;
}
