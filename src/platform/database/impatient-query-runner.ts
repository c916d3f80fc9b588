import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner.js';

/**
 * Gives up a connection whose statement took too long: the answer may still come, and whoever got the connection next
 * would wait behind it.
 */
export class ImpatientQueryRunner extends MysqlQueryRunner {
  override async query(query: string, parameters?: unknown[], useStructuredResult = false): Promise<never> {
    try {
      return (await super.query(query, parameters as never[], useStructuredResult as never)) as never;
    } catch (error) {
      if ((error as { driverError?: { code?: string } }).driverError?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') this.databaseConnection.destroy();
      throw error;
    }
  }
}
