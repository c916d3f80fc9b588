import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import type { Turnstile } from './turnstile.js';

/**
 * TypeORM hands all SQLite callers one query runner, so concurrent transactions mix. Here each caller has its own, and
 * the turnstile lets one transaction or one lone statement at a time reach the connection they all share.
 */
export class SerialQueryRunner extends BetterSqlite3QueryRunner {
  constructor(
    driver: BetterSqlite3Driver,
    private readonly turnstile: Turnstile,
  ) {
    super(driver);
  }

  override async query(query: string, parameters: unknown[] = [], useStructuredResult = false): Promise<never> {
    // IMMEDIATE takes the write lock at once: a second process (the CLI) then waits its turn instead of failing half-way.
    const statement = query === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : query;
    if (this.turnstile.isHeldBy(this)) return this.run(statement, parameters, useStructuredResult);
    await this.turnstile.enter(this, statement);
    try {
      return await this.run(statement, parameters, useStructuredResult);
    } finally {
      this.turnstile.leave(this);
    }
  }

  private run(statement: string, parameters: unknown[], useStructuredResult: boolean): Promise<never> {
    return super.query(statement, parameters as never[], useStructuredResult) as Promise<never>;
  }

  override async startTransaction(isolation?: IsolationLevel): Promise<void> {
    const outermost = !this.turnstile.isHeldBy(this);
    if (outermost) {
      await this.turnstile.enter(this, 'BEGIN');
      this.turnstile.claimScope(this);
    }
    try {
      await super.startTransaction(isolation);
    } catch (error) {
      if (outermost) {
        this.isTransactionActive = false;
        this.turnstile.leave(this);
      }
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (!this.isTransactionActive) this.turnstile.leave(this);
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction();
    } finally {
      if (!this.isTransactionActive) this.turnstile.leave(this);
    }
  }

  override async release(): Promise<void> {
    if (this.isTransactionActive && this.turnstile.isHeldBy(this)) await this.rollbackTransaction();
    return super.release();
  }
}
