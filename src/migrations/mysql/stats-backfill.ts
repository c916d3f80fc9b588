import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whatever these tables hold now is counted by `stats.backfill`, whatever they get from now on as it comes. */
const SOURCES = ['principals', 'audit_events', 'auth_login_audit', 'credit_ledger', 'message_logs'];

export class StatsBackfill1795270260001 implements MigrationInterface {
  name = 'StatsBackfill1795270260001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`stats_backfills\` (\`source\` varchar(32) NOT NULL, \`done_id\` varchar(36) NOT NULL, \`last_id\` varchar(36) NOT NULL, PRIMARY KEY (\`source\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    for (const source of SOURCES) await runner.query(`INSERT INTO stats_backfills (source, done_id, last_id) SELECT '${source}', '', COALESCE(MAX(id), '') FROM ${source}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE \`stats_backfills\``);
  }
}
