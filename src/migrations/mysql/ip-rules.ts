import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IpRules1795255904401 implements MigrationInterface {
  name = 'IpRules1795255904401';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`ip_rules\` (\`id\` varchar(36) NOT NULL, \`cidr\` varchar(64) NOT NULL, \`applies_to\` varchar(32) NOT NULL, \`mode\` varchar(32) NOT NULL, \`note\` varchar(500) NULL, \`created_at\` datetime(3) NOT NULL, \`created_by\` varchar(36) NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE \`ip_rules\``);
  }
}
