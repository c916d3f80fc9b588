import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SignInSearch1795269991100 implements MigrationInterface {
  name = 'SignInSearch1795269991100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`auth_login_audit_ip\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_reason\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_username\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`IDX_84f697d296725fbd262c702267\` ON \`auth_login_audit\``);
    await runner.query(`CREATE INDEX \`auth_login_audit_reason\` ON \`auth_login_audit\` (\`reason\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_ok\` ON \`auth_login_audit\` (\`ok\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_ip\` ON \`auth_login_audit\` (\`ip\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_username\` ON \`auth_login_audit\` (\`username\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_principal\` ON \`auth_login_audit\` (\`principal_id\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_kind\` ON \`auth_login_audit\` (\`kind\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_at\` ON \`auth_login_audit\` (\`at\`, \`id\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`auth_login_audit_at\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_kind\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_principal\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_username\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_ip\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_ok\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`auth_login_audit_reason\` ON \`auth_login_audit\``);
    await runner.query(`CREATE INDEX \`IDX_84f697d296725fbd262c702267\` ON \`auth_login_audit\` (\`at\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_username\` ON \`auth_login_audit\` (\`username\`, \`at\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_reason\` ON \`auth_login_audit\` (\`reason\`, \`at\`)`);
    await runner.query(`CREATE INDEX \`auth_login_audit_ip\` ON \`auth_login_audit\` (\`ip\`, \`at\`)`);
  }
}
