import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UnlimitedOverrides1795247549978 implements MigrationInterface {
  name = 'UnlimitedOverrides1795247549978';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_9e59282cf3441e03ca0dcfba6f"`);
    await runner.query(`CREATE TABLE "temporary_usage_overrides" ("id" varchar(36) PRIMARY KEY NOT NULL, "user_id" varchar(36) NOT NULL, "conversations_per_day" integer, "until" datetime(3) NOT NULL, "reason" varchar(500) NOT NULL, "granted_by" varchar(36), "created_at" datetime(3) NOT NULL, CONSTRAINT "FK_9e59282cf3441e03ca0dcfba6f7" FOREIGN KEY ("user_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_usage_overrides"("id", "user_id", "conversations_per_day", "until", "reason", "granted_by", "created_at") SELECT "id", "user_id", "conversations_per_day", "until", "reason", "granted_by", "created_at" FROM "usage_overrides"`);
    await runner.query(`DROP TABLE "usage_overrides"`);
    await runner.query(`ALTER TABLE "temporary_usage_overrides" RENAME TO "usage_overrides"`);
    await runner.query(`CREATE INDEX "IDX_9e59282cf3441e03ca0dcfba6f" ON "usage_overrides" ("user_id") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM "usage_overrides" WHERE "conversations_per_day" IS NULL`);
    await runner.query(`DROP INDEX "IDX_9e59282cf3441e03ca0dcfba6f"`);
    await runner.query(`ALTER TABLE "usage_overrides" RENAME TO "temporary_usage_overrides"`);
    await runner.query(`CREATE TABLE "usage_overrides" ("id" varchar(36) PRIMARY KEY NOT NULL, "user_id" varchar(36) NOT NULL, "conversations_per_day" integer NOT NULL, "until" datetime(3) NOT NULL, "reason" varchar(500) NOT NULL, "granted_by" varchar(36), "created_at" datetime(3) NOT NULL, CONSTRAINT "FK_9e59282cf3441e03ca0dcfba6f7" FOREIGN KEY ("user_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "usage_overrides"("id", "user_id", "conversations_per_day", "until", "reason", "granted_by", "created_at") SELECT "id", "user_id", "conversations_per_day", "until", "reason", "granted_by", "created_at" FROM "temporary_usage_overrides"`);
    await runner.query(`DROP TABLE "temporary_usage_overrides"`);
    await runner.query(`CREATE INDEX "IDX_9e59282cf3441e03ca0dcfba6f" ON "usage_overrides" ("user_id") `);
  }
}
