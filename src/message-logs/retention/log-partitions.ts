import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { idBound } from '../../platform/ids/ids.js';
import { expiredPartitions, missingPartitions, type Partition, partitionOf, widthMs } from './partition-plan.js';

export type PartitionedTable = 'message_logs' | 'message_texts';

/** MySQL only: partitions are made before they are needed and dropped with all their rows, at no cost per row. */
@Injectable()
export class LogPartitions {
  constructor(@InjectEntityManager() private readonly db: EntityManager) {}

  /** Splits the partition that takes whatever comes later. It is empty as long as this runs in time. */
  async makeAhead(table: PartitionedTable, now: number, keepDays: number): Promise<number> {
    const missing = missingPartitions(await this.existing(table), now, widthMs(keepDays));
    if (missing.length === 0) return 0;
    const made = missing.map(({ name, end }) => `PARTITION ${name} VALUES LESS THAN ('${idBound(end)}')`);
    await this.db.query(`ALTER TABLE ${table} REORGANIZE PARTITION rest INTO (${made.join(', ')}, PARTITION rest VALUES LESS THAN (MAXVALUE))`);
    return missing.length;
  }

  async dropExpired(table: PartitionedTable, now: number, keepDays: number): Promise<number> {
    const expired = expiredPartitions(await this.existing(table), now, keepDays);
    if (expired.length > 0) await this.db.query(`ALTER TABLE ${table} DROP PARTITION ${expired.map(({ name }) => name).join(', ')}`);
    return expired.length;
  }

  private async existing(table: PartitionedTable): Promise<Partition[]> {
    const rows: { name: string }[] = await this.db.query(
      'SELECT partition_name AS name FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = ? AND partition_name IS NOT NULL',
      [table],
    );
    return rows.flatMap(({ name }) => partitionOf(name) ?? []);
  }
}
