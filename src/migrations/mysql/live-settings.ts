import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LiveSettings1795271197397 implements MigrationInterface {
  name = 'LiveSettings1795271197397';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`live_settings\` (\`id\` varchar(32) NOT NULL, \`overrides\` text NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE \`live_settings\``);
  }
}
