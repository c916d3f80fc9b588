import type { DataSource, EntityMetadata } from 'typeorm';
import { millisOf, type SqlValue } from '../../platform/database/sql.js';
import type { BackupValue } from './archive.js';

/** One column and how its values stand in a backup, where both engines must agree. */
export interface BackupColumn {
  readonly name: string;
  toBackup(value: unknown): BackupValue;
  fromBackup(value: BackupValue): SqlValue;
}

export function columnsOf(dataSource: DataSource, { columns }: EntityMetadata): BackupColumn[] {
  return columns.map((column) => {
    const type = dataSource.driver.normalizeType(column);
    return { name: column.databaseName, ...(type === 'datetime' ? INSTANT : /blob|binary/.test(type) ? BYTES : PLAIN) };
  });
}

type Codec = Omit<BackupColumn, 'name'>;

const INSTANT: Codec = {
  toBackup: (value) => (value === null ? null : new Date(millisOf(value)).toISOString()),
  fromBackup: (value) => (value === null ? null : new Date(value)),
};

const BYTES: Codec = {
  toBackup: (value) => (value === null ? null : Buffer.from(value as Uint8Array).toString('base64')),
  fromBackup: (value) => (value === null ? null : Buffer.from(value as string, 'base64')),
};

const PLAIN: Codec = {
  toBackup: (value) => value as BackupValue,
  fromBackup: (value) => value,
};
