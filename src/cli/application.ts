import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { loadSettings } from '../platform/config/load-settings.js';
import type { Settings } from '../platform/config/settings.js';
import { optionsOf } from '../platform/database/database.module.js';
import { connect } from '../platform/database/open-data-source.js';
import type { ProvostDataSource } from '../platform/database/provost-data-source.js';
import { createLogger, NestLogger } from '../platform/logging/logger.js';
import { SCHEMA } from '../schema.js';

/** Runs work on the database alone, as it is: nothing is migrated. */
export async function withDatabase(work: (dataSource: ProvostDataSource, settings: Settings) => Promise<void>, overrides: Partial<Settings> = {}): Promise<void> {
  const settings = loadSettings(overrides);
  const dataSource = await connect(optionsOf(settings, SCHEMA), settings);
  try {
    await work(dataSource, settings);
  } finally {
    await dataSource.destroy();
  }
}

/** Runs work on the whole service, which neither listens nor runs jobs nor makes the first admin. */
export async function withApplication(work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  const settings = loadSettings({ jobsEnabled: false, firstAdmin: false });
  const logger = new NestLogger(createLogger(settings.logLevel === 'info' ? 'warn' : settings.logLevel));
  const app = await NestFactory.createApplicationContext(AppModule.with(settings), { logger, abortOnError: false });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}
