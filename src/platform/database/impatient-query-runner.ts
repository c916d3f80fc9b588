import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner.js';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { DatabaseAway } from '../problems/problems.js';

type Mode = ConstructorParameters<typeof MysqlQueryRunner>[1];

/** Changes of the schema and waits for a named lock may take their time. */
const MAY_TAKE_LONG = /^(?:ALTER|CREATE|DROP|SELECT GET_LOCK)\b/i;

/**
 * Counts a statement that takes too long as the database being away, and gives up its connection: the answer may still
 * come, and whoever got the connection next would wait behind it.
 */
export class ImpatientQueryRunner extends MysqlQueryRunner {
  constructor(
    driver: MysqlDriver,
    mode: Mode,
    private readonly limitMs: () => number | undefined,
  ) {
    super(driver, mode);
  }

  override async query(query: string, parameters?: unknown[], useStructuredResult = false): Promise<never> {
    const run = (): Promise<never> => super.query(query, parameters as never[], useStructuredResult) as Promise<never>;
    const limit = this.limitMs();
    if (limit === undefined || MAY_TAKE_LONG.test(query)) return run();
    await this.connect();
    return this.within(limit, run());
  }

  private within(limit: number, answer: Promise<never>): Promise<never> {
    let timer: NodeJS.Timeout;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        (this.databaseConnection as { destroy(): void }).destroy();
        reject(new DatabaseAway());
      }, limit);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}
