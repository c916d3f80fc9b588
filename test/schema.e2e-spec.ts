import { settingsFrom } from '../src/platform/config/load-settings.js';
import { optionsOf } from '../src/platform/database/database.module.js';
import { migrate, rollback } from '../src/platform/database/migrate.js';
import { connect } from '../src/platform/database/open-data-source.js';
import type { ProvostDataSource } from '../src/platform/database/provost-data-source.js';
import { schemaDiff } from '../src/platform/database/schema-diff.js';
import { SCHEMA } from '../src/schema.js';
import { MYSQL_URL, type Scratch, scratchDatabase } from './support/scratch-database.js';

/** What TypeORM keeps for itself. */
const BOOKKEEPING = ['migrations', 'typeorm_metadata'];

/** MySQL waits for the disk with each of hundreds of statements. */
const PATIENCE_MS = 240_000;

describe(`the schema on ${MYSQL_URL ? 'MySQL' : 'the embedded engine'}`, () => {
  let scratch: Scratch;
  let database: ProvostDataSource;

  beforeAll(async () => {
    scratch = await scratchDatabase();
    const settings = settingsFrom({}, scratch.settings);
    database = await connect(optionsOf(settings, SCHEMA), settings);
  });
  afterAll(async () => {
    await database.destroy();
    await scratch.drop();
  });

  const tables = async (): Promise<string[]> => {
    const rows: Record<string, string>[] = await database.query(
      MYSQL_URL ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()' : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    return rows.map(({ name }) => name!).filter((name) => !BOOKKEEPING.includes(name)).sort();
  };

  it('is what the entities say once all migrations are applied', async () => {
    expect(await migrate(database)).toHaveLength(database.migrations.length);
    expect((await schemaDiff(database)).up).toEqual([]);
    expect(await tables()).toEqual(expect.arrayContaining(database.entityMetadatas.map(({ tableName }) => tableName)));
  }, PATIENCE_MS);

  it('has nothing left to apply then', async () => {
    expect(await migrate(database)).toEqual([]);
  });

  it('goes down to nothing, one migration after the other, and up again to the same', async () => {
    const before = await tables();
    for (const _ of database.migrations) await rollback(database);
    expect(await tables()).toEqual([]);
    await migrate(database);
    expect((await schemaDiff(database)).up).toEqual([]);
    expect(await tables()).toEqual(before);
  }, PATIENCE_MS);

  if (MYSQL_URL) {
    it('compares text byte by byte in every column, whatever the server’s default is', async () => {
      const others: unknown[] = await database.query(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = DATABASE() AND collation_name NOT IN ('utf8mb4_bin') AND table_name NOT IN (?)",
        [BOOKKEEPING],
      );
      expect(others).toEqual([]);
    });
  }
});
