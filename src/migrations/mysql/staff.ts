import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Staff1795259127824 implements MigrationInterface {
  name = 'Staff1795259127824';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`support_staff\` (\`id\` varchar(36) NOT NULL, \`username\` varchar(64) NOT NULL, \`username_key\` varchar(64) NOT NULL, \`email\` varchar(254) NOT NULL, \`email_key\` varchar(254) NOT NULL, \`name\` varchar(120) NULL, \`level\` int NOT NULL, \`status\` varchar(32) NOT NULL, \`email_verified_at\` datetime(3) NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, UNIQUE INDEX \`support_staff_email_key\` (\`email_key\`), UNIQUE INDEX \`support_staff_username_key\` (\`username_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`admins\` ADD \`permissions\` text NULL`);
    await runner.query(`ALTER TABLE \`support_staff\` ADD CONSTRAINT \`FK_242e71f6887c0bea424952a345b\` FOREIGN KEY (\`id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`admins\` DROP COLUMN \`permissions\``);
    await runner.query(`DROP TABLE \`support_staff\``);
  }
}
