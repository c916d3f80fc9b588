import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UnlimitedOverrides1795247559049 implements MigrationInterface {
  name = 'UnlimitedOverrides1795247559049';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`usage_overrides\` CHANGE \`conversations_per_day\` \`conversations_per_day\` int NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM \`usage_overrides\` WHERE \`conversations_per_day\` IS NULL`);
    await runner.query(`ALTER TABLE \`usage_overrides\` CHANGE \`conversations_per_day\` \`conversations_per_day\` int NOT NULL`);
  }
}
