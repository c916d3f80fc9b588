import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Ground1795243367953 implements MigrationInterface {
  name = 'Ground1795243367953';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`audit_events\` (\`id\` varchar(36) NOT NULL, \`at\` datetime(3) NOT NULL, \`actor_kind\` varchar(32) NOT NULL, \`actor_id\` varchar(36) NULL, \`on_behalf_of\` varchar(36) NULL, \`action\` varchar(64) NOT NULL, \`target_id\` varchar(64) NULL, \`before\` text NULL, \`after\` text NULL, \`reason\` varchar(500) NULL, \`ip\` varchar(64) NULL, \`request_id\` varchar(128) NULL, INDEX \`IDX_f7d2ac32745dc979d3bd6f4049\` (\`action\`, \`id\`), INDEX \`IDX_0ded20923357829f1d2bdec361\` (\`actor_id\`, \`id\`), INDEX \`IDX_bda5c6e7f668a02fe989c18fb4\` (\`target_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`job_runs\` (\`id\` varchar(36) NOT NULL, \`name\` varchar(64) NOT NULL, \`started_at\` datetime(3) NOT NULL, \`finished_at\` datetime(3) NULL, \`duration_ms\` bigint NULL, \`outcome\` varchar(32) NOT NULL, \`report\` text NULL, INDEX \`IDX_abaaf84b3f2415731faa4fda93\` (\`name\`, \`started_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`principals\` (\`id\` varchar(36) NOT NULL, \`kind\` varchar(32) NOT NULL, \`created_at\` datetime(3) NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`users\` (\`id\` varchar(36) NOT NULL, \`email\` varchar(254) NOT NULL, \`email_key\` varchar(254) NOT NULL, \`username\` varchar(64) NOT NULL, \`username_key\` varchar(64) NOT NULL, \`name\` varchar(120) NULL, \`status\` varchar(32) NOT NULL, \`time_zone\` varchar(64) NOT NULL, \`preferences\` text NOT NULL, \`email_verified_at\` datetime(3) NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, UNIQUE INDEX \`users_email_key\` (\`email_key\`), UNIQUE INDEX \`users_username_key\` (\`username_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`users\` ADD CONSTRAINT \`FK_a3ffb1c0c8416b9fc6f907b7433\` FOREIGN KEY (\`id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`users\` DROP FOREIGN KEY \`FK_a3ffb1c0c8416b9fc6f907b7433\``);
    await runner.query(`DROP INDEX \`users_username_key\` ON \`users\``);
    await runner.query(`DROP INDEX \`users_email_key\` ON \`users\``);
    await runner.query(`DROP TABLE \`users\``);
    await runner.query(`DROP TABLE \`principals\``);
    await runner.query(`DROP INDEX \`IDX_abaaf84b3f2415731faa4fda93\` ON \`job_runs\``);
    await runner.query(`DROP TABLE \`job_runs\``);
    await runner.query(`DROP INDEX \`IDX_bda5c6e7f668a02fe989c18fb4\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_0ded20923357829f1d2bdec361\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_f7d2ac32745dc979d3bd6f4049\` ON \`audit_events\``);
    await runner.query(`DROP TABLE \`audit_events\``);
  }
}
