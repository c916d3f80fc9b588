import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/sql.js';

const CHUNK = 1000;

/** Rows of one table that are about a user, and how they are let go of. */
export interface Erasable {
  readonly table: string;
  count(userId: string): Promise<number>;
  /** In short statements, each of which stands alone: broken off anywhere, it goes on where it was. Answers how many rows. */
  erase(userId: string): Promise<number>;
}

/**
 * What has to go with a user. Every module with rows of theirs registers them. Foreign keys would take most of it, but
 * all in one statement; and they neither reach tables without them nor tell beforehand how much it will be.
 */
@Injectable()
export class Erasure {
  private readonly parts: Erasable[] = [];

  register(...parts: Erasable[]): void {
    this.parts.push(...parts);
  }

  get tables(): string[] {
    return this.parts.map(({ table }) => table);
  }

  /** Rows by table, tables without any left out. */
  async count(userId: string): Promise<Record<string, number>> {
    return this.each((part) => part.count(userId));
  }

  async erase(userId: string): Promise<Record<string, number>> {
    return this.each((part) => part.erase(userId));
  }

  private async each(what: (part: Erasable) => Promise<number>): Promise<Record<string, number>> {
    const rows: Record<string, number> = {};
    for (const part of this.parts) {
      const number = await what(part);
      if (number > 0) rows[part.table] = number;
    }
    return rows;
  }
}

/** Rows that belong to the user whom one of their columns names. */
export class OwnedRows implements Erasable {
  constructor(
    private readonly sql: Sql,
    readonly table: string,
    private readonly column: string,
  ) {}

  async count(userId: string): Promise<number> {
    const { rows } = await this.sql.execute(`SELECT COUNT(*) FROM ${this.table} WHERE ${this.column} = ?`, [userId]);
    return Number(rows[0]![0]);
  }

  async erase(userId: string): Promise<number> {
    const statement = this.sql.dialect.deleteSome(this.table, `${this.column} = ?`, CHUNK);
    for (let erased = 0; ; ) {
      const { affected } = await this.sql.execute(statement, [userId]);
      erased += affected;
      if (affected < CHUNK) return erased;
    }
  }
}
