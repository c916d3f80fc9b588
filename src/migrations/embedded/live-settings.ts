import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LiveSettings1795271171904 implements MigrationInterface {
  name = 'LiveSettings1795271171904';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "live_settings" ("id" varchar(32) PRIMARY KEY NOT NULL, "overrides" text NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "live_settings"`);
  }
}
