import { Column, Entity, Index } from 'typeorm';
import { BytesColumn, IdColumn, InstantColumn, LooseIdColumn } from '../platform/database/columns.js';

/*
 * On MySQL the first two tables are partitioned by id, which begins with the time of arrival: old rows leave with their
 * partition. A partitioned table can have neither foreign keys nor a unique key without the column it is partitioned by,
 * so the user is a loose id and the client's ids have a table of their own.
 */

/** What is known about one conversation that an application handed over, but for its text. */
@Entity('message_logs')
@Index(['userId', 'createdAt'])
@Index(['userId', 'conversationId'])
export class MessageLog {
  @IdColumn()
  id!: string;

  @LooseIdColumn()
  userId!: string;

  /** The id the client gave it; null when it gave none and knows it by ours. */
  @Column('varchar', { length: 128, nullable: true })
  clientId!: string | null;

  @Column('varchar', { length: 128, nullable: true })
  conversationId!: string | null;

  @Column('varchar', { length: 128 })
  model!: string;

  @Column('int')
  messageCount!: number;

  @Column('int', { nullable: true })
  promptTokens!: number | null;

  @Column('int', { nullable: true })
  completionTokens!: number | null;

  @Column('int', { nullable: true })
  latencyMs!: number | null;

  /** The application's own, as JSON text. */
  @Column('text', { nullable: true })
  metadata!: string | null;

  /** When it took place, as the application says; when it arrived the id tells. */
  @InstantColumn()
  createdAt!: Date;
}

/** The text of a log, encrypted under its user's key. Apart from the log because it is kept for another time. */
@Entity('message_texts')
export class MessageText {
  @IdColumn()
  id!: string;

  @BytesColumn()
  sealed!: Buffer;
}

/** The ids that clients gave: what makes a repeated log a duplicate. */
@Entity('message_log_keys')
export class MessageLogKey {
  @Column('varchar', { length: 36, primary: true })
  userId!: string;

  @Column('varchar', { length: 128, primary: true })
  clientId!: string;

  @Index()
  @LooseIdColumn()
  logId!: string;
}
