import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OverrideLimits1795269138406 implements MigrationInterface {
  name = 'OverrideLimits1795269138406';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`usage_accounts\` ADD COLUMN \`override_credits\` bigint NULL`);
    await runner.query(`ALTER TABLE \`usage_accounts\` ADD COLUMN \`override_requests\` int NULL`);
    await runner.query(`ALTER TABLE \`usage_overrides\` ADD COLUMN \`credits_per_month\` bigint NULL`);
    await runner.query(`ALTER TABLE \`usage_overrides\` ADD COLUMN \`requests_per_minute\` int NULL`);
    await runner.query(`CREATE INDEX \`IDX_3e2cebacab924957f2cb1867c5\` ON \`usage_accounts\` (\`override_requests\`)`);
    // Until now null was no limit; from here on it is the plan's, since an override may leave a limit to the plan.
    await runner.query(`UPDATE usage_accounts SET override_conversations = -1 WHERE override_until IS NOT NULL AND override_conversations IS NULL`);
    await runner.query(`UPDATE usage_overrides SET conversations_per_day = -1 WHERE conversations_per_day IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE usage_accounts SET override_until = NULL WHERE override_conversations IS NULL`);
    await runner.query(`UPDATE usage_accounts SET override_conversations = NULL WHERE override_conversations = -1`);
    await runner.query(`DELETE FROM usage_overrides WHERE conversations_per_day IS NULL`);
    await runner.query(`UPDATE usage_overrides SET conversations_per_day = NULL WHERE conversations_per_day = -1`);
    await runner.query(`DROP INDEX \`IDX_3e2cebacab924957f2cb1867c5\` ON \`usage_accounts\``);
    await runner.query(`ALTER TABLE \`usage_overrides\` DROP COLUMN \`requests_per_minute\``);
    await runner.query(`ALTER TABLE \`usage_overrides\` DROP COLUMN \`credits_per_month\``);
    await runner.query(`ALTER TABLE \`usage_accounts\` DROP COLUMN \`override_requests\``);
    await runner.query(`ALTER TABLE \`usage_accounts\` DROP COLUMN \`override_credits\``);
  }
}
