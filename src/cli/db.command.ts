import type { Command } from 'commander';
import { loadSettings } from '../platform/config/load-settings.js';
import type { Settings } from '../platform/config/settings.js';
import { optionsOf } from '../platform/database/database.module.js';
import { migrate, rollback } from '../platform/database/migrate.js';
import { connect } from '../platform/database/open-data-source.js';
import type { ProvostDataSource } from '../platform/database/provost-data-source.js';
import { SCHEMA } from '../schema.js';
import { generateMigration } from './generate-migration.js';

export function dbCommand(program: Command): void {
  const db = program.command('db').description('the database: its schema, copies of it');
  db.command('migrate')
    .description('apply the migrations that are pending')
    .action(() =>
      withDatabase(async (dataSource) => {
        const applied = await migrate(dataSource);
        say(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
      }),
    );
  db.command('rollback')
    .description('take back the newest applied migration')
    .action(() =>
      withDatabase(async (dataSource) => {
        await rollback(dataSource);
        say('The newest migration was taken back.');
      }),
    );
  db.command('generate <name>', { hidden: true })
    .description('for developers: write a migration for what the entities have and the schema lacks')
    .action((name: string) =>
      withDatabase(async (dataSource, settings) => {
        await migrate(dataSource);
        const path = await generateMigration(dataSource, settings, name, 'src/migrations');
        say(path ? `Wrote ${path}; read it, then add it to the list beside its folder.` : 'Nothing differs.');
      }),
    );
}

export async function withDatabase(work: (dataSource: ProvostDataSource, settings: Settings) => Promise<void>): Promise<void> {
  const settings = loadSettings();
  const dataSource = await connect(optionsOf(settings, SCHEMA), settings);
  try {
    await work(dataSource, settings);
  } finally {
    await dataSource.destroy();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
