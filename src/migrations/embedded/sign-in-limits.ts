import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SignInLimits1795254137717 implements MigrationInterface {
  name = 'SignInLimits1795254137717';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "sign_in_failures" ("id" varchar(43) PRIMARY KEY NOT NULL, "failures" integer NOT NULL, "window_started_at" datetime(3) NOT NULL, "last_at" datetime(3) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_ce683c6c7923ee31367102929e" ON "sign_in_failures" ("last_at") `);
    await runner.query(`CREATE TABLE "known_devices" ("id" varchar(43) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "network" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL, "first_seen_at" datetime(3) NOT NULL, "last_seen_at" datetime(3) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_3f5ba1bd8f128ea19811ebf74e" ON "known_devices" ("principal_id") `);
    await runner.query(`DROP INDEX "IDX_3f5ba1bd8f128ea19811ebf74e"`);
    await runner.query(`CREATE TABLE "temporary_known_devices" ("id" varchar(43) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "network" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL, "first_seen_at" datetime(3) NOT NULL, "last_seen_at" datetime(3) NOT NULL, CONSTRAINT "FK_3f5ba1bd8f128ea19811ebf74e1" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_known_devices"("id", "principal_id", "network", "user_agent", "first_seen_at", "last_seen_at") SELECT "id", "principal_id", "network", "user_agent", "first_seen_at", "last_seen_at" FROM "known_devices"`);
    await runner.query(`DROP TABLE "known_devices"`);
    await runner.query(`ALTER TABLE "temporary_known_devices" RENAME TO "known_devices"`);
    await runner.query(`CREATE INDEX "IDX_3f5ba1bd8f128ea19811ebf74e" ON "known_devices" ("principal_id") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_3f5ba1bd8f128ea19811ebf74e"`);
    await runner.query(`ALTER TABLE "known_devices" RENAME TO "temporary_known_devices"`);
    await runner.query(`CREATE TABLE "known_devices" ("id" varchar(43) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "network" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL, "first_seen_at" datetime(3) NOT NULL, "last_seen_at" datetime(3) NOT NULL)`);
    await runner.query(`INSERT INTO "known_devices"("id", "principal_id", "network", "user_agent", "first_seen_at", "last_seen_at") SELECT "id", "principal_id", "network", "user_agent", "first_seen_at", "last_seen_at" FROM "temporary_known_devices"`);
    await runner.query(`DROP TABLE "temporary_known_devices"`);
    await runner.query(`CREATE INDEX "IDX_3f5ba1bd8f128ea19811ebf74e" ON "known_devices" ("principal_id") `);
    await runner.query(`DROP INDEX "IDX_3f5ba1bd8f128ea19811ebf74e"`);
    await runner.query(`DROP TABLE "known_devices"`);
    await runner.query(`DROP INDEX "IDX_ce683c6c7923ee31367102929e"`);
    await runner.query(`DROP TABLE "sign_in_failures"`);
  }
}
