import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Stats1795267720099 implements MigrationInterface {
  name = 'Stats1795267720099';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "stats_days" ("day" varchar(10) PRIMARY KEY NOT NULL, "sign_ups" bigint NOT NULL DEFAULT (0), "deletions" bigint NOT NULL DEFAULT (0), "active_users" bigint NOT NULL DEFAULT (0), "sign_ins" bigint NOT NULL DEFAULT (0), "conversations" bigint NOT NULL DEFAULT (0), "messages" bigint NOT NULL DEFAULT (0), "prompt_tokens" bigint NOT NULL DEFAULT (0), "completion_tokens" bigint NOT NULL DEFAULT (0), "limit_refusals" bigint NOT NULL DEFAULT (0), "credit_refusals" bigint NOT NULL DEFAULT (0), "credits_spent" bigint NOT NULL DEFAULT (0))`);
    await runner.query(`CREATE TABLE "stats_user_days" ("day" varchar(10) NOT NULL, "user_id" varchar(36) NOT NULL, "conversations" bigint NOT NULL DEFAULT (0), "messages" bigint NOT NULL DEFAULT (0), "prompt_tokens" bigint NOT NULL DEFAULT (0), "completion_tokens" bigint NOT NULL DEFAULT (0), PRIMARY KEY ("day", "user_id"))`);
    await runner.query(`CREATE INDEX "IDX_4341721c968d352f1db8f92519" ON "stats_user_days" ("user_id", "day") `);
    await runner.query(`CREATE TABLE "stats_model_days" ("day" varchar(10) NOT NULL, "model" varchar(128) NOT NULL, "conversations" bigint NOT NULL DEFAULT (0), "messages" bigint NOT NULL DEFAULT (0), "prompt_tokens" bigint NOT NULL DEFAULT (0), "completion_tokens" bigint NOT NULL DEFAULT (0), PRIMARY KEY ("day", "model"))`);
    await runner.query(`CREATE TABLE "stats_deltas" ("id" varchar(36) PRIMARY KEY NOT NULL, "body" mediumblob NOT NULL)`);
    await runner.query(`DROP INDEX "IDX_4341721c968d352f1db8f92519"`);
    await runner.query(`CREATE TABLE "temporary_stats_user_days" ("day" varchar(10) NOT NULL, "user_id" varchar(36) NOT NULL, "conversations" bigint NOT NULL DEFAULT (0), "messages" bigint NOT NULL DEFAULT (0), "prompt_tokens" bigint NOT NULL DEFAULT (0), "completion_tokens" bigint NOT NULL DEFAULT (0), CONSTRAINT "FK_9fd1b26137d22dde74eb580f5d0" FOREIGN KEY ("user_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, PRIMARY KEY ("day", "user_id"))`);
    await runner.query(`INSERT INTO "temporary_stats_user_days"("day", "user_id", "conversations", "messages", "prompt_tokens", "completion_tokens") SELECT "day", "user_id", "conversations", "messages", "prompt_tokens", "completion_tokens" FROM "stats_user_days"`);
    await runner.query(`DROP TABLE "stats_user_days"`);
    await runner.query(`ALTER TABLE "temporary_stats_user_days" RENAME TO "stats_user_days"`);
    await runner.query(`CREATE INDEX "IDX_4341721c968d352f1db8f92519" ON "stats_user_days" ("user_id", "day") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_4341721c968d352f1db8f92519"`);
    await runner.query(`ALTER TABLE "stats_user_days" RENAME TO "temporary_stats_user_days"`);
    await runner.query(`CREATE TABLE "stats_user_days" ("day" varchar(10) NOT NULL, "user_id" varchar(36) NOT NULL, "conversations" bigint NOT NULL DEFAULT (0), "messages" bigint NOT NULL DEFAULT (0), "prompt_tokens" bigint NOT NULL DEFAULT (0), "completion_tokens" bigint NOT NULL DEFAULT (0), PRIMARY KEY ("day", "user_id"))`);
    await runner.query(`INSERT INTO "stats_user_days"("day", "user_id", "conversations", "messages", "prompt_tokens", "completion_tokens") SELECT "day", "user_id", "conversations", "messages", "prompt_tokens", "completion_tokens" FROM "temporary_stats_user_days"`);
    await runner.query(`DROP TABLE "temporary_stats_user_days"`);
    await runner.query(`CREATE INDEX "IDX_4341721c968d352f1db8f92519" ON "stats_user_days" ("user_id", "day") `);
    await runner.query(`DROP TABLE "stats_deltas"`);
    await runner.query(`DROP TABLE "stats_model_days"`);
    await runner.query(`DROP INDEX "IDX_4341721c968d352f1db8f92519"`);
    await runner.query(`DROP TABLE "stats_user_days"`);
    await runner.query(`DROP TABLE "stats_days"`);
  }
}
