import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditChains1795260340755 implements MigrationInterface {
  name = 'AuditChains1795260340755';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`audit_checkpoints\` (\`number\` bigint NOT NULL, \`at\` datetime(3) NOT NULL, \`heads\` text NOT NULL, \`signature\` varchar(86) NOT NULL, PRIMARY KEY (\`number\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`audit_lanes\` (\`lane\` int NOT NULL, \`seq\` bigint NOT NULL, \`hash\` varchar(43) NOT NULL, PRIMARY KEY (\`lane\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`audit_events\` ADD \`lane\` int NULL`);
    await runner.query(`ALTER TABLE \`audit_events\` ADD \`seq\` bigint NULL`);
    await runner.query(`ALTER TABLE \`audit_events\` ADD \`details_hash\` varchar(43) NULL`);
    await runner.query(`ALTER TABLE \`audit_events\` ADD \`salt\` varchar(22) NULL`);
    await runner.query(`ALTER TABLE \`audit_events\` ADD \`hash\` varchar(43) NULL`);
    await runner.query(`ALTER TABLE \`audit_events\` ADD \`mac\` varchar(43) NULL`);
    await runner.query(`CREATE UNIQUE INDEX \`IDX_ddffa593fa1ce77cab0664cee1\` ON \`audit_events\` (\`lane\`, \`seq\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`IDX_ddffa593fa1ce77cab0664cee1\` ON \`audit_events\``);
    await runner.query(`ALTER TABLE \`audit_events\` DROP COLUMN \`mac\``);
    await runner.query(`ALTER TABLE \`audit_events\` DROP COLUMN \`hash\``);
    await runner.query(`ALTER TABLE \`audit_events\` DROP COLUMN \`salt\``);
    await runner.query(`ALTER TABLE \`audit_events\` DROP COLUMN \`details_hash\``);
    await runner.query(`ALTER TABLE \`audit_events\` DROP COLUMN \`seq\``);
    await runner.query(`ALTER TABLE \`audit_events\` DROP COLUMN \`lane\``);
    await runner.query(`DROP TABLE \`audit_lanes\``);
    await runner.query(`DROP TABLE \`audit_checkpoints\``);
  }
}
