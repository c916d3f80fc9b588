import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Ground1795243366641 implements MigrationInterface {
  name = 'Ground1795243366641';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "audit_events" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "actor_kind" varchar(32) NOT NULL, "actor_id" varchar(36), "on_behalf_of" varchar(36), "action" varchar(64) NOT NULL, "target_id" varchar(64), "before" text, "after" text, "reason" varchar(500), "ip" varchar(64), "request_id" varchar(128))`);
    await runner.query(`CREATE INDEX "IDX_f7d2ac32745dc979d3bd6f4049" ON "audit_events" ("action", "id") `);
    await runner.query(`CREATE INDEX "IDX_0ded20923357829f1d2bdec361" ON "audit_events" ("actor_id", "id") `);
    await runner.query(`CREATE INDEX "IDX_bda5c6e7f668a02fe989c18fb4" ON "audit_events" ("target_id", "id") `);
    await runner.query(`CREATE TABLE "job_runs" ("id" varchar(36) PRIMARY KEY NOT NULL, "name" varchar(64) NOT NULL, "started_at" datetime(3) NOT NULL, "finished_at" datetime(3), "duration_ms" bigint, "outcome" varchar(32) NOT NULL, "report" text)`);
    await runner.query(`CREATE INDEX "IDX_abaaf84b3f2415731faa4fda93" ON "job_runs" ("name", "started_at") `);
    await runner.query(`CREATE TABLE "principals" ("id" varchar(36) PRIMARY KEY NOT NULL, "kind" varchar(32) NOT NULL, "created_at" datetime(3) NOT NULL)`);
    await runner.query(`CREATE TABLE "users" ("id" varchar(36) PRIMARY KEY NOT NULL, "email" varchar(254) NOT NULL, "email_key" varchar(254) NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "name" varchar(120), "status" varchar(32) NOT NULL, "time_zone" varchar(64) NOT NULL, "preferences" text NOT NULL, "email_verified_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
    await runner.query(`CREATE UNIQUE INDEX "users_email_key" ON "users" ("email_key") `);
    await runner.query(`CREATE UNIQUE INDEX "users_username_key" ON "users" ("username_key") `);
    await runner.query(`DROP INDEX "users_email_key"`);
    await runner.query(`DROP INDEX "users_username_key"`);
    await runner.query(`CREATE TABLE "temporary_users" ("id" varchar(36) PRIMARY KEY NOT NULL, "email" varchar(254) NOT NULL, "email_key" varchar(254) NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "name" varchar(120), "status" varchar(32) NOT NULL, "time_zone" varchar(64) NOT NULL, "preferences" text NOT NULL, "email_verified_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "FK_a3ffb1c0c8416b9fc6f907b7433" FOREIGN KEY ("id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_users"("id", "email", "email_key", "username", "username_key", "name", "status", "time_zone", "preferences", "email_verified_at", "created_at", "updated_at", "version") SELECT "id", "email", "email_key", "username", "username_key", "name", "status", "time_zone", "preferences", "email_verified_at", "created_at", "updated_at", "version" FROM "users"`);
    await runner.query(`DROP TABLE "users"`);
    await runner.query(`ALTER TABLE "temporary_users" RENAME TO "users"`);
    await runner.query(`CREATE UNIQUE INDEX "users_email_key" ON "users" ("email_key") `);
    await runner.query(`CREATE UNIQUE INDEX "users_username_key" ON "users" ("username_key") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "users_username_key"`);
    await runner.query(`DROP INDEX "users_email_key"`);
    await runner.query(`ALTER TABLE "users" RENAME TO "temporary_users"`);
    await runner.query(`CREATE TABLE "users" ("id" varchar(36) PRIMARY KEY NOT NULL, "email" varchar(254) NOT NULL, "email_key" varchar(254) NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "name" varchar(120), "status" varchar(32) NOT NULL, "time_zone" varchar(64) NOT NULL, "preferences" text NOT NULL, "email_verified_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
    await runner.query(`INSERT INTO "users"("id", "email", "email_key", "username", "username_key", "name", "status", "time_zone", "preferences", "email_verified_at", "created_at", "updated_at", "version") SELECT "id", "email", "email_key", "username", "username_key", "name", "status", "time_zone", "preferences", "email_verified_at", "created_at", "updated_at", "version" FROM "temporary_users"`);
    await runner.query(`DROP TABLE "temporary_users"`);
    await runner.query(`CREATE UNIQUE INDEX "users_username_key" ON "users" ("username_key") `);
    await runner.query(`CREATE UNIQUE INDEX "users_email_key" ON "users" ("email_key") `);
    await runner.query(`DROP INDEX "users_username_key"`);
    await runner.query(`DROP INDEX "users_email_key"`);
    await runner.query(`DROP TABLE "users"`);
    await runner.query(`DROP TABLE "principals"`);
    await runner.query(`DROP INDEX "IDX_abaaf84b3f2415731faa4fda93"`);
    await runner.query(`DROP TABLE "job_runs"`);
    await runner.query(`DROP INDEX "IDX_bda5c6e7f668a02fe989c18fb4"`);
    await runner.query(`DROP INDEX "IDX_0ded20923357829f1d2bdec361"`);
    await runner.query(`DROP INDEX "IDX_f7d2ac32745dc979d3bd6f4049"`);
    await runner.query(`DROP TABLE "audit_events"`);
  }
}
