import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSourceOptions } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { isDatabaseAway } from './failures.js';
import { migrate } from './migrate.js';
import { ProvostDataSource } from './provost-data-source.js';

/** The database could not be reached in the time a start waits for it, or refused the credentials. */
export class DatabaseUnreachable extends Error {}

/** Connects, waiting for a database that is still starting, and brings the schema up to date. */
export async function openDataSource(options: DataSourceOptions, settings: Settings): Promise<ProvostDataSource> {
  const dataSource = await connect(options, settings);
  if (settings.migrateOnStart) await migrate(dataSource);
  dataSource.limitStatements(settings.databaseTimeoutMs);
  return dataSource;
}

export async function connect(options: DataSourceOptions, settings: Settings): Promise<ProvostDataSource> {
  const logger = new Logger('Database');
  for (let waited = 0; ; waited += 1) {
    const dataSource = new ProvostDataSource(options);
    try {
      return await dataSource.initialize();
    } catch (error) {
      const reason = error instanceof Error ? error.message || (error as { code?: string }).code : String(error);
      if (!isDatabaseAway(error)) throw new DatabaseUnreachable(`The database refused the connection: ${reason}`);
      if (waited >= settings.databaseWaitSeconds) {
        throw new DatabaseUnreachable(`The database did not answer within ${settings.databaseWaitSeconds} s (DATABASE_WAIT_SECONDS): ${reason}`);
      }
      logger.warn(`The database does not answer yet (${reason}); trying again in 1 s.`);
      await sleep(1000);
    }
  }
}
