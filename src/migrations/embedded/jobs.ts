import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Jobs1795270580521 implements MigrationInterface {
  name = 'Jobs1795270580521';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_abaaf84b3f2415731faa4fda93"`);
    await runner.query(`CREATE TABLE "job_states" ("name" varchar(64) PRIMARY KEY NOT NULL, "slot" datetime(3), "last_run_id" varchar(36), "failures" integer NOT NULL DEFAULT (0), "retry_at" datetime(3))`);
    await runner.query(`CREATE TABLE "temporary_job_runs" ("id" varchar(36) PRIMARY KEY NOT NULL, "name" varchar(64) NOT NULL, "started_at" datetime(3) NOT NULL, "finished_at" datetime(3), "duration_ms" bigint, "outcome" varchar(32) NOT NULL, "report" text, "cause" varchar(32) NOT NULL DEFAULT ('schedule'), "instance" varchar(128), "error" varchar(255))`);
    await runner.query(`INSERT INTO "temporary_job_runs"("id", "name", "started_at", "finished_at", "duration_ms", "outcome", "report") SELECT "id", "name", "started_at", "finished_at", "duration_ms", "outcome", "report" FROM "job_runs"`);
    await runner.query(`DROP TABLE "job_runs"`);
    await runner.query(`ALTER TABLE "temporary_job_runs" RENAME TO "job_runs"`);
    await runner.query(`CREATE INDEX "IDX_0a41e92b48316fe032e3f78ad7" ON "job_runs" ("name", "started_at", "id") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_0a41e92b48316fe032e3f78ad7"`);
    await runner.query(`ALTER TABLE "job_runs" RENAME TO "temporary_job_runs"`);
    await runner.query(`CREATE TABLE "job_runs" ("id" varchar(36) PRIMARY KEY NOT NULL, "name" varchar(64) NOT NULL, "started_at" datetime(3) NOT NULL, "finished_at" datetime(3), "duration_ms" bigint, "outcome" varchar(32) NOT NULL, "report" text)`);
    await runner.query(`INSERT INTO "job_runs"("id", "name", "started_at", "finished_at", "duration_ms", "outcome", "report") SELECT "id", "name", "started_at", "finished_at", "duration_ms", "outcome", "report" FROM "temporary_job_runs"`);
    await runner.query(`DROP TABLE "temporary_job_runs"`);
    await runner.query(`DROP TABLE "job_states"`);
    await runner.query(`CREATE INDEX "IDX_abaaf84b3f2415731faa4fda93" ON "job_runs" ("name", "started_at") `);
  }
}
