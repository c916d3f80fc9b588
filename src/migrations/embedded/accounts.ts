import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1795244425747 implements MigrationInterface {
  name = 'Accounts1795244425747';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "admins" ("id" varchar(36) PRIMARY KEY NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "status" varchar(32) NOT NULL, "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
    await runner.query(`CREATE UNIQUE INDEX "IDX_595610478e413dc6efec6fe8c8" ON "admins" ("username_key") `);
    await runner.query(`CREATE TABLE "api_keys" ("id" varchar(36) PRIMARY KEY NOT NULL, "kind" varchar(32) NOT NULL, "owner_id" varchar(36), "name" varchar(120) NOT NULL, "hash" varchar(43) NOT NULL, "previous_hash" varchar(43), "previous_until" datetime(3), "hint" varchar(8) NOT NULL, "scopes" text NOT NULL, "allowed_cidrs" text, "requests_per_minute" integer, "expires_at" datetime(3), "last_used_at" datetime(3), "created_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_d93cc0e04cac89126b2155ba9b" ON "api_keys" ("owner_id") `);
    await runner.query(`CREATE TABLE "credentials" ("principal_id" varchar(36) PRIMARY KEY NOT NULL, "password_hash" varchar(255) NOT NULL, "changed_at" datetime(3) NOT NULL, "must_change" boolean NOT NULL)`);
    await runner.query(`CREATE TABLE "auth_login_audit" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "kind" varchar(32) NOT NULL, "principal_id" varchar(36), "username" varchar(254) NOT NULL, "ip" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL, "ok" boolean NOT NULL, "reason" varchar(32) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_84f697d296725fbd262c702267" ON "auth_login_audit" ("at") `);
    await runner.query(`CREATE INDEX "IDX_4075e13feb3992b7084dc0a92f" ON "auth_login_audit" ("principal_id", "id") `);
    await runner.query(`CREATE TABLE "sessions" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "kind" varchar(32) NOT NULL, "generation" integer NOT NULL, "created_at" datetime(3) NOT NULL, "rotated_at" datetime(3) NOT NULL, "last_used_at" datetime(3) NOT NULL, "idle_until" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "ended_at" datetime(3), "end_reason" varchar(32), "ip" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_2984739142d141a780dad55d8f" ON "sessions" ("principal_id", "ended_at") `);
    await runner.query(`DROP INDEX "IDX_595610478e413dc6efec6fe8c8"`);
    await runner.query(`CREATE TABLE "temporary_admins" ("id" varchar(36) PRIMARY KEY NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "status" varchar(32) NOT NULL, "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "FK_e3b38270c97a854c48d2e80874e" FOREIGN KEY ("id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_admins"("id", "username", "username_key", "status", "created_at", "updated_at", "version") SELECT "id", "username", "username_key", "status", "created_at", "updated_at", "version" FROM "admins"`);
    await runner.query(`DROP TABLE "admins"`);
    await runner.query(`ALTER TABLE "temporary_admins" RENAME TO "admins"`);
    await runner.query(`CREATE UNIQUE INDEX "IDX_595610478e413dc6efec6fe8c8" ON "admins" ("username_key") `);
    await runner.query(`DROP INDEX "IDX_d93cc0e04cac89126b2155ba9b"`);
    await runner.query(`CREATE TABLE "temporary_api_keys" ("id" varchar(36) PRIMARY KEY NOT NULL, "kind" varchar(32) NOT NULL, "owner_id" varchar(36), "name" varchar(120) NOT NULL, "hash" varchar(43) NOT NULL, "previous_hash" varchar(43), "previous_until" datetime(3), "hint" varchar(8) NOT NULL, "scopes" text NOT NULL, "allowed_cidrs" text, "requests_per_minute" integer, "expires_at" datetime(3), "last_used_at" datetime(3), "created_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "FK_d93cc0e04cac89126b2155ba9bc" FOREIGN KEY ("owner_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_api_keys"("id", "kind", "owner_id", "name", "hash", "previous_hash", "previous_until", "hint", "scopes", "allowed_cidrs", "requests_per_minute", "expires_at", "last_used_at", "created_at", "version") SELECT "id", "kind", "owner_id", "name", "hash", "previous_hash", "previous_until", "hint", "scopes", "allowed_cidrs", "requests_per_minute", "expires_at", "last_used_at", "created_at", "version" FROM "api_keys"`);
    await runner.query(`DROP TABLE "api_keys"`);
    await runner.query(`ALTER TABLE "temporary_api_keys" RENAME TO "api_keys"`);
    await runner.query(`CREATE INDEX "IDX_d93cc0e04cac89126b2155ba9b" ON "api_keys" ("owner_id") `);
    await runner.query(`CREATE TABLE "temporary_credentials" ("principal_id" varchar(36) PRIMARY KEY NOT NULL, "password_hash" varchar(255) NOT NULL, "changed_at" datetime(3) NOT NULL, "must_change" boolean NOT NULL, CONSTRAINT "FK_1b0b3a2e0ff3dd30d1982673a72" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_credentials"("principal_id", "password_hash", "changed_at", "must_change") SELECT "principal_id", "password_hash", "changed_at", "must_change" FROM "credentials"`);
    await runner.query(`DROP TABLE "credentials"`);
    await runner.query(`ALTER TABLE "temporary_credentials" RENAME TO "credentials"`);
    await runner.query(`DROP INDEX "IDX_2984739142d141a780dad55d8f"`);
    await runner.query(`CREATE TABLE "temporary_sessions" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "kind" varchar(32) NOT NULL, "generation" integer NOT NULL, "created_at" datetime(3) NOT NULL, "rotated_at" datetime(3) NOT NULL, "last_used_at" datetime(3) NOT NULL, "idle_until" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "ended_at" datetime(3), "end_reason" varchar(32), "ip" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL, CONSTRAINT "FK_c8a390713942d5ea3287cc008cc" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_sessions"("id", "principal_id", "kind", "generation", "created_at", "rotated_at", "last_used_at", "idle_until", "expires_at", "ended_at", "end_reason", "ip", "user_agent") SELECT "id", "principal_id", "kind", "generation", "created_at", "rotated_at", "last_used_at", "idle_until", "expires_at", "ended_at", "end_reason", "ip", "user_agent" FROM "sessions"`);
    await runner.query(`DROP TABLE "sessions"`);
    await runner.query(`ALTER TABLE "temporary_sessions" RENAME TO "sessions"`);
    await runner.query(`CREATE INDEX "IDX_2984739142d141a780dad55d8f" ON "sessions" ("principal_id", "ended_at") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_2984739142d141a780dad55d8f"`);
    await runner.query(`ALTER TABLE "sessions" RENAME TO "temporary_sessions"`);
    await runner.query(`CREATE TABLE "sessions" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "kind" varchar(32) NOT NULL, "generation" integer NOT NULL, "created_at" datetime(3) NOT NULL, "rotated_at" datetime(3) NOT NULL, "last_used_at" datetime(3) NOT NULL, "idle_until" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "ended_at" datetime(3), "end_reason" varchar(32), "ip" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL)`);
    await runner.query(`INSERT INTO "sessions"("id", "principal_id", "kind", "generation", "created_at", "rotated_at", "last_used_at", "idle_until", "expires_at", "ended_at", "end_reason", "ip", "user_agent") SELECT "id", "principal_id", "kind", "generation", "created_at", "rotated_at", "last_used_at", "idle_until", "expires_at", "ended_at", "end_reason", "ip", "user_agent" FROM "temporary_sessions"`);
    await runner.query(`DROP TABLE "temporary_sessions"`);
    await runner.query(`CREATE INDEX "IDX_2984739142d141a780dad55d8f" ON "sessions" ("principal_id", "ended_at") `);
    await runner.query(`ALTER TABLE "credentials" RENAME TO "temporary_credentials"`);
    await runner.query(`CREATE TABLE "credentials" ("principal_id" varchar(36) PRIMARY KEY NOT NULL, "password_hash" varchar(255) NOT NULL, "changed_at" datetime(3) NOT NULL, "must_change" boolean NOT NULL)`);
    await runner.query(`INSERT INTO "credentials"("principal_id", "password_hash", "changed_at", "must_change") SELECT "principal_id", "password_hash", "changed_at", "must_change" FROM "temporary_credentials"`);
    await runner.query(`DROP TABLE "temporary_credentials"`);
    await runner.query(`DROP INDEX "IDX_d93cc0e04cac89126b2155ba9b"`);
    await runner.query(`ALTER TABLE "api_keys" RENAME TO "temporary_api_keys"`);
    await runner.query(`CREATE TABLE "api_keys" ("id" varchar(36) PRIMARY KEY NOT NULL, "kind" varchar(32) NOT NULL, "owner_id" varchar(36), "name" varchar(120) NOT NULL, "hash" varchar(43) NOT NULL, "previous_hash" varchar(43), "previous_until" datetime(3), "hint" varchar(8) NOT NULL, "scopes" text NOT NULL, "allowed_cidrs" text, "requests_per_minute" integer, "expires_at" datetime(3), "last_used_at" datetime(3), "created_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
    await runner.query(`INSERT INTO "api_keys"("id", "kind", "owner_id", "name", "hash", "previous_hash", "previous_until", "hint", "scopes", "allowed_cidrs", "requests_per_minute", "expires_at", "last_used_at", "created_at", "version") SELECT "id", "kind", "owner_id", "name", "hash", "previous_hash", "previous_until", "hint", "scopes", "allowed_cidrs", "requests_per_minute", "expires_at", "last_used_at", "created_at", "version" FROM "temporary_api_keys"`);
    await runner.query(`DROP TABLE "temporary_api_keys"`);
    await runner.query(`CREATE INDEX "IDX_d93cc0e04cac89126b2155ba9b" ON "api_keys" ("owner_id") `);
    await runner.query(`DROP INDEX "IDX_595610478e413dc6efec6fe8c8"`);
    await runner.query(`ALTER TABLE "admins" RENAME TO "temporary_admins"`);
    await runner.query(`CREATE TABLE "admins" ("id" varchar(36) PRIMARY KEY NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "status" varchar(32) NOT NULL, "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
    await runner.query(`INSERT INTO "admins"("id", "username", "username_key", "status", "created_at", "updated_at", "version") SELECT "id", "username", "username_key", "status", "created_at", "updated_at", "version" FROM "temporary_admins"`);
    await runner.query(`DROP TABLE "temporary_admins"`);
    await runner.query(`CREATE UNIQUE INDEX "IDX_595610478e413dc6efec6fe8c8" ON "admins" ("username_key") `);
    await runner.query(`DROP INDEX "IDX_2984739142d141a780dad55d8f"`);
    await runner.query(`DROP TABLE "sessions"`);
    await runner.query(`DROP INDEX "IDX_4075e13feb3992b7084dc0a92f"`);
    await runner.query(`DROP INDEX "IDX_84f697d296725fbd262c702267"`);
    await runner.query(`DROP TABLE "auth_login_audit"`);
    await runner.query(`DROP TABLE "credentials"`);
    await runner.query(`DROP INDEX "IDX_d93cc0e04cac89126b2155ba9b"`);
    await runner.query(`DROP TABLE "api_keys"`);
    await runner.query(`DROP INDEX "IDX_595610478e413dc6efec6fe8c8"`);
    await runner.query(`DROP TABLE "admins"`);
  }
}
