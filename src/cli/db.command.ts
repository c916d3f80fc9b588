import type { Command } from 'commander';
import { SystemClock } from '../platform/clock/clock.js';
import { loadSettings } from '../platform/config/load-settings.js';
import type { Settings } from '../platform/config/settings.js';
import { embeddedPath } from '../platform/database/data-source-options.js';
import { migrate, rollback } from '../platform/database/migrate.js';
import { withDatabase } from './application.js';
import { generateMigration } from './generate-migration.js';
import { say } from './output.js';
import { PATIENT } from './patience.js';

export function dbCommand(program: Command): void {
  const db = program.command('db').description('the database: its schema, copies of it');
  db.command('migrate').description('apply the migrations that are pending').action(runMigrate);
  db.command('rollback').description('take back the newest applied migration, with the data in the tables it made').action(runRollback);
  db.command('status').description('which database it is and which migrations it has; fails when some are pending').action(runStatus);
  db.command('backup <file>')
    .description('write everything in the database, and the keys, into one file; the service may go on running')
    .option('--force', 'replace the file if it exists', false)
    .addHelpText('after', BACKUP_HELP)
    .action(runBackup);
  db.command('restore <file>')
    .description('put a backup in the place of what is in the database; the service must be stopped')
    .option('--force', 'also where there are accounts already: they are replaced', false)
    .addHelpText('after', RESTORE_HELP)
    .action(runRestore);
  db.command('generate <name>', { hidden: true }).description('for developers: write a migration for what the entities have and the schema lacks').action(runGenerate);
}

const BACKUP_HELP = `
The file holds the keys too: whoever has it can read everything. It is readable by its owner alone; keep it so.
Keys given by MASTER_KEY or MASTER_KEYS_OLD are not in it: keep those apart.

  provost db backup /backups/provost-$(date +%F).gz`;

const RESTORE_HELP = `
A backup fits both engines: restoring one of the embedded engine with DATABASE_URL set moves the installation to MySQL.

  DATABASE_URL=mysql://provost:secret@localhost:3306/provost provost db restore provost.gz`;

function runMigrate(): Promise<void> {
  return withDatabase(async (dataSource) => {
    const applied = await migrate(dataSource);
    say(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
  });
}

function runRollback(): Promise<void> {
  return withDatabase(async (dataSource) => {
    await rollback(dataSource);
    say('The newest migration was taken back.');
  });
}

function runStatus(): Promise<void> {
  return withDatabase(async (dataSource, settings) => {
    const { schemaState } = await import('./backup/schema-state.js');
    const { applied, pending } = await schemaState(dataSource);
    say(`Database  ${placeOf(settings)}`);
    say(`Applied   ${applied.join(', ') || 'nothing'}`);
    say(`Pending   ${pending.join(', ') || 'nothing'}`);
    if (pending.length > 0) process.exitCode = 1;
  });
}

function placeOf(settings: Settings): string {
  if (!settings.databaseUrl) return `embedded, ${embeddedPath(settings)}`;
  const { host, pathname } = new URL(settings.databaseUrl);
  return `MySQL, ${host}${pathname}`;
}

function runBackup(file: string, { force }: { force: boolean }): Promise<void> {
  return withDatabase(async (dataSource, settings) => {
    const { backUp } = await import('./backup/back-up.js');
    const { rows, tables, keys } = await backUp(dataSource, settings, new SystemClock(), file, force);
    say(`Wrote ${rows} rows of ${tables} tables and ${keys.length > 0 ? keys.join(', ') : 'no keys (they are given by settings)'} to ${file}.`);
  }, PATIENT);
}

async function runRestore(file: string, { force }: { force: boolean }): Promise<void> {
  const { demandUnused } = await import('./backup/in-use.js');
  await demandUnused(loadSettings());
  await withDatabase(async (dataSource, settings) => {
    const { restore } = await import('./backup/restore.js');
    const { rows, header } = await restore(dataSource, settings, file, force);
    say(`Restored ${rows} rows of ${header.createdAt}, written by Provost ${header.version} on ${header.engine}.`);
  }, PATIENT);
}

function runGenerate(name: string): Promise<void> {
  return withDatabase(async (dataSource, settings) => {
    await migrate(dataSource);
    const path = await generateMigration(dataSource, settings, name, 'src/migrations');
    say(path ? `Wrote ${path}; read it, then add it to the list beside its folder.` : 'Nothing differs.');
  });
}
