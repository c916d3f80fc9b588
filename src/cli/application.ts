import type { INestApplicationContext } from '@nestjs/common';
import { loadSettings } from '../platform/config/load-settings.js';
import type { Settings } from '../platform/config/settings.js';
import type { ProvostDataSource } from '../platform/database/provost-data-source.js';
import { createLogger, NestLogger } from '../platform/logging/logger.js';

/*
 * Commands load what they need when they run: the whole service takes a second to load, and help should not wait for it.
 */

/** Runs work on the database alone, as it is: nothing is migrated. */
export async function withDatabase(work: (dataSource: ProvostDataSource, settings: Settings) => Promise<void>, overrides: Partial<Settings> = {}): Promise<void> {
  const settings = loadSettings(overrides);
  const { optionsOf } = await import('../platform/database/database.module.js');
  const { connect } = await import('../platform/database/open-data-source.js');
  const { SCHEMA } = await import('../schema.js');
  const dataSource = await connect(optionsOf(settings, SCHEMA), settings);
  try {
    await work(dataSource, settings);
  } finally {
    await dataSource.destroy();
  }
}

/** Runs work on the whole service, which neither listens nor runs jobs nor makes the first admin. */
export async function withApplication(work: (app: INestApplicationContext) => Promise<void>, overrides: Partial<Settings> = {}): Promise<void> {
  const settings = loadSettings({ jobsEnabled: false, firstAdmin: false, ...overrides });
  const logger = new NestLogger(createLogger(settings.logLevel === 'info' ? 'warn' : settings.logLevel));
  const { NestFactory } = await import('@nestjs/core');
  const { AppModule } = await import('../app.module.js');
  const app = await NestFactory.createApplicationContext(AppModule.with(settings), { logger, abortOnError: false });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}
