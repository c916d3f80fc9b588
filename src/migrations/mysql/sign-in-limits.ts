import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SignInLimits1795254141221 implements MigrationInterface {
  name = 'SignInLimits1795254141221';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`sign_in_failures\` (\`id\` varchar(43) NOT NULL, \`failures\` int NOT NULL, \`window_started_at\` datetime(3) NOT NULL, \`last_at\` datetime(3) NOT NULL, INDEX \`IDX_ce683c6c7923ee31367102929e\` (\`last_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`known_devices\` (\`id\` varchar(43) NOT NULL, \`principal_id\` varchar(36) NOT NULL, \`network\` varchar(64) NOT NULL, \`user_agent\` varchar(512) NOT NULL, \`first_seen_at\` datetime(3) NOT NULL, \`last_seen_at\` datetime(3) NOT NULL, INDEX \`IDX_3f5ba1bd8f128ea19811ebf74e\` (\`principal_id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`known_devices\` ADD CONSTRAINT \`FK_3f5ba1bd8f128ea19811ebf74e1\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`known_devices\` DROP FOREIGN KEY \`FK_3f5ba1bd8f128ea19811ebf74e1\``);
    await runner.query(`DROP INDEX \`IDX_3f5ba1bd8f128ea19811ebf74e\` ON \`known_devices\``);
    await runner.query(`DROP TABLE \`known_devices\``);
    await runner.query(`DROP INDEX \`IDX_ce683c6c7923ee31367102929e\` ON \`sign_in_failures\``);
    await runner.query(`DROP TABLE \`sign_in_failures\``);
  }
}
