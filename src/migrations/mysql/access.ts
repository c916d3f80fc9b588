import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Access1795267777564 implements MigrationInterface {
  name = 'Access1795267777564';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`sessions\` ADD \`impersonator_id\` varchar(36) NULL`);
    await runner.query(`ALTER TABLE \`sessions\` ADD \`impersonator_session_id\` varchar(36) NULL`);
    await runner.query(`ALTER TABLE \`deleted_users\` ADD \`banned_at\` datetime(3) NULL`);
    await runner.query(`ALTER TABLE \`deleted_users\` ADD \`partial_bans\` text NULL`);
    await runner.query(`ALTER TABLE \`users\` ADD \`banned_at\` datetime(3) NULL`);
    await runner.query(`ALTER TABLE \`users\` ADD \`partial_bans\` text NULL`);
    await runner.query(`CREATE INDEX \`auth_login_audit_reason\` ON \`auth_login_audit\` (\`reason\`, \`at\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_ip\` ON \`auth_login_audit\` (\`ip\`, \`at\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_username\` ON \`auth_login_audit\` (\`username\`, \`at\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`auth_login_audit_username\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_ip\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_reason\` ON \`auth_login_audit\``);
    await runner.query(`ALTER TABLE \`users\` DROP COLUMN \`partial_bans\``);
    await runner.query(`ALTER TABLE \`users\` DROP COLUMN \`banned_at\``);
    await runner.query(`ALTER TABLE \`deleted_users\` DROP COLUMN \`partial_bans\``);
    await runner.query(`ALTER TABLE \`deleted_users\` DROP COLUMN \`banned_at\``);
    await runner.query(`ALTER TABLE \`sessions\` DROP COLUMN \`impersonator_session_id\``);
    await runner.query(`ALTER TABLE \`sessions\` DROP COLUMN \`impersonator_id\``);
  }
}
