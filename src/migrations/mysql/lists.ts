import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Lists1795260174166 implements MigrationInterface {
  name = 'Lists1795260174166';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX \`deleted_users_deleted_at\` ON \`deleted_users\` (\`deleted_at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`users_status\` ON \`users\` (\`status\`, \`created_at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`users_created_at\` ON \`users\` (\`created_at\`, \`id\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`users_created_at\` ON \`users\``);
    await runner.query(`DROP INDEX \`users_status\` ON \`users\``);
    await runner.query(`DROP INDEX \`deleted_users_deleted_at\` ON \`deleted_users\``);
  }
}
