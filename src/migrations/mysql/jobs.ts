import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Jobs1795270611310 implements MigrationInterface {
  name = 'Jobs1795270611310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`IDX_abaaf84b3f2415731faa4fda93\` ON \`job_runs\``);
    await runner.query(`CREATE TABLE \`job_states\` (\`name\` varchar(64) NOT NULL, \`slot\` datetime(3) NULL, \`last_run_id\` varchar(36) NULL, \`failures\` int NOT NULL DEFAULT '0', \`retry_at\` datetime(3) NULL, PRIMARY KEY (\`name\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`job_runs\` ADD \`cause\` varchar(32) NOT NULL DEFAULT 'schedule'`);
    await runner.query(`ALTER TABLE \`job_runs\` ADD \`instance\` varchar(128) NULL`);
    await runner.query(`ALTER TABLE \`job_runs\` ADD \`error\` varchar(255) NULL`);
    await runner.query(`CREATE INDEX \`IDX_0a41e92b48316fe032e3f78ad7\` ON \`job_runs\` (\`name\`, \`started_at\`, \`id\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`IDX_0a41e92b48316fe032e3f78ad7\` ON \`job_runs\``);
    await runner.query(`ALTER TABLE \`job_runs\` DROP COLUMN \`error\``);
    await runner.query(`ALTER TABLE \`job_runs\` DROP COLUMN \`instance\``);
    await runner.query(`ALTER TABLE \`job_runs\` DROP COLUMN \`cause\``);
    await runner.query(`DROP TABLE \`job_states\``);
    await runner.query(`CREATE INDEX \`IDX_abaaf84b3f2415731faa4fda93\` ON \`job_runs\` (\`name\`, \`started_at\`)`);
  }
}
