import type { EntityManager } from 'typeorm';
import type { Row, SqlConnection, SqlResult, SqlValue } from './sql.js';

interface Written {
  affectedRows?: number;
}

/** Statements written for hot paths, run inside a transaction over entities: where a rare use case joins in. */
export class EntityTransaction implements SqlConnection {
  constructor(private readonly tx: EntityManager) {}

  async execute(statement: string, values: readonly SqlValue[]): Promise<SqlResult> {
    const embedded = this.tx.dataSource.options.type === 'better-sqlite3';
    const bound = embedded ? values.map((value) => (value instanceof Date ? value.toISOString().replace('T', ' ').slice(0, 23) : value)) : [...values];
    const result = await this.tx.queryRunner!.query(statement, bound, true);
    if (/^SELECT/i.test(statement)) return { rows: (result.records as Record<string, unknown>[]).map((record): Row => Object.values(record)), affected: 0 };
    return { rows: [], affected: result.affected ?? (result.raw as Written | undefined)?.affectedRows ?? 0 };
  }
}
