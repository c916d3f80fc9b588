import { writeFileSync } from 'node:fs';
import { SystemClock } from '../platform/clock/clock.js';
import { engineOf } from '../platform/database/engine.js';
import type { Settings } from '../platform/config/settings.js';
import type { ProvostDataSource } from '../platform/database/provost-data-source.js';
import { schemaDiff } from '../platform/database/schema-diff.js';

/** Writes what the entities have and the migrated schema lacks as a migration, to be read before it is committed. */
export async function generateMigration(dataSource: ProvostDataSource, settings: Settings, name: string, folder: string): Promise<string | undefined> {
  const { up, down } = await schemaDiff(dataSource);
  if (up.length === 0) return undefined;
  const className = `${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}${new SystemClock().millis()}`;
  const path = `${folder}/${engineOf(settings)}/${name}.ts`;
  const lines = (queries: string[]): string => queries.map((query) => `    await runner.query(\`${sourceOf(query)}\`);`).join('\n');
  writeFileSync(
    path,
    `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  name = '${className}';

  async up(runner: QueryRunner): Promise<void> {
${lines(up)}
  }

  async down(runner: QueryRunner): Promise<void> {
${lines(down)}
  }
}
`,
  );
  return path;
}

/** Tables name their collation themselves, whatever the database's default is: comparison is binary on both engines. */
function sourceOf(query: string): string {
  const pinned = query.replace(/ENGINE=InnoDB$/, 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin');
  return pinned.replaceAll('\\', '\\\\').replaceAll('`', '\\`');
}
