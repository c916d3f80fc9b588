import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountLife1795254110010 implements MigrationInterface {
  name = 'AccountLife1795254110010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`deleted_users\` (\`id\` varchar(36) NOT NULL, \`email\` varchar(254) NOT NULL, \`email_key\` varchar(254) NOT NULL, \`username\` varchar(64) NOT NULL, \`username_key\` varchar(64) NOT NULL, \`name\` varchar(120) NULL, \`status\` varchar(32) NOT NULL, \`banned_until\` datetime(3) NULL, \`ban_reason\` varchar(500) NULL, \`time_zone\` varchar(64) NOT NULL, \`preferences\` text NOT NULL, \`email_verified_at\` datetime(3) NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`deleted_at\` datetime(3) NOT NULL, \`deleted_by_kind\` varchar(32) NOT NULL, \`deleted_by_id\` varchar(36) NULL, \`delete_reason\` varchar(500) NULL, \`purge_after\` datetime(3) NOT NULL, \`erasing_at\` datetime(3) NULL, INDEX \`IDX_423979145b7577fad7de71444a\` (\`purge_after\`), UNIQUE INDEX \`deleted_users_username_key\` (\`username_key\`), UNIQUE INDEX \`deleted_users_email_key\` (\`email_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`erased_users\` (\`id\` varchar(36) NOT NULL, \`erased_at\` datetime(3) NOT NULL, INDEX \`IDX_5541e40b3d1b43d036b892eacd\` (\`erased_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`users\` ADD \`banned_until\` datetime(3) NULL`);
    await runner.query(`ALTER TABLE \`users\` ADD \`ban_reason\` varchar(500) NULL`);
    await runner.query(`ALTER TABLE \`deleted_users\` ADD CONSTRAINT \`FK_e912c54f66fe8d22c12de2ad253\` FOREIGN KEY (\`id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`deleted_users\` DROP FOREIGN KEY \`FK_e912c54f66fe8d22c12de2ad253\``);
    await runner.query(`ALTER TABLE \`users\` DROP COLUMN \`ban_reason\``);
    await runner.query(`ALTER TABLE \`users\` DROP COLUMN \`banned_until\``);
    await runner.query(`DROP INDEX \`IDX_5541e40b3d1b43d036b892eacd\` ON \`erased_users\``);
    await runner.query(`DROP TABLE \`erased_users\``);
    await runner.query(`DROP INDEX \`deleted_users_email_key\` ON \`deleted_users\``);
    await runner.query(`DROP INDEX \`deleted_users_username_key\` ON \`deleted_users\``);
    await runner.query(`DROP INDEX \`IDX_423979145b7577fad7de71444a\` ON \`deleted_users\``);
    await runner.query(`DROP TABLE \`deleted_users\``);
  }
}
