import { DataSource, EntityManager, type QueryRunner } from 'typeorm';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { aboutToCommit, committed } from './commit-hooks.js';
import { ImpatientQueryRunner } from './impatient-query-runner.js';
import { retryingDeadlocks } from './retry.js';
import { SerialQueryRunner } from './serial-query-runner.js';
import { Turnstile } from './turnstile.js';

type Work<T> = (tx: EntityManager) => Promise<T>;

/** A TypeORM data source whose transactions are safe on both engines: serial on the embedded one, retried on MySQL. */
export class ProvostDataSource extends DataSource {
  private orderOfEntry?: Turnstile;
  private statementLimitMs?: number;

  /** The one entrance to the embedded engine's connection. */
  get turnstile(): Turnstile {
    return (this.orderOfEntry ??= new Turnstile());
  }

  override async initialize(): Promise<this> {
    const { driver } = this;
    if (driver instanceof BetterSqlite3Driver) {
      driver.createQueryRunner = () => new SerialQueryRunner(driver, this.turnstile);
      // SQLite takes any name of a type; TypeORM has a list.
      driver.supportedDataTypes.push('mediumblob', 'mediumtext');
    } else if (driver instanceof MysqlDriver) {
      driver.createQueryRunner = (mode) => new ImpatientQueryRunner(driver, mode, () => this.statementLimitMs);
    }
    return super.initialize();
  }

  /** From now on a statement that takes longer fails as the database being away. Migrations, which run before, may take long. */
  limitStatements(milliseconds: number): void {
    this.statementLimitMs = milliseconds;
  }

  override createEntityManager(runner?: QueryRunner): EntityManager {
    return new ProvostEntityManager(this, runner);
  }
}

class ProvostEntityManager extends EntityManager {
  override async transaction<T>(isolationOrWork: IsolationLevel | Work<T>, work?: Work<T>): Promise<T> {
    let runner: QueryRunner | undefined;
    const noting = (given: Work<T>): Work<T> => async (tx) => {
      runner = tx.queryRunner;
      const result = await given(tx);
      if (!this.queryRunner) await aboutToCommit(runner!);
      return result;
    };
    const run = (): Promise<T> =>
      typeof isolationOrWork === 'function' ? super.transaction(noting(isolationOrWork)) : super.transaction(isolationOrWork, noting(work!));
    // Inside a transaction this is a savepoint: only the outermost one can be run again, and only it commits.
    if (this.queryRunner) return run();
    const { driver, turnstile } = this.dataSource as ProvostDataSource;
    // Only where there is a turnstile to wait at: once a scope was opened, every promise of the process costs more.
    const result = await retryingDeadlocks(() => (driver instanceof BetterSqlite3Driver ? turnstile.inScope(run) : run()));
    await committed(runner!);
    return result;
  }
}
