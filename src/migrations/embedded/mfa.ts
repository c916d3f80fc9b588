import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Mfa1795255624180 implements MigrationInterface {
  name = 'Mfa1795255624180';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "mfa_challenges" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "kind" varchar(32) NOT NULL, "login" varchar(254) NOT NULL, "ip" varchar(64) NOT NULL, "user_agent" varchar(512) NOT NULL, "device_id" varchar(43), "tries" integer NOT NULL, "created_at" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "used_at" datetime(3), CONSTRAINT "FK_a1afea1e6aa07c7a3138c30cd01" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`CREATE INDEX "IDX_a1afea1e6aa07c7a3138c30cd0" ON "mfa_challenges" ("principal_id") `);
    await runner.query(`CREATE INDEX "IDX_18f2c35ba2fd17905cf2c12822" ON "mfa_challenges" ("expires_at") `);
    await runner.query(`CREATE TABLE "recovery_codes" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "hash" varchar(43) NOT NULL, "used_at" datetime(3), CONSTRAINT "FK_2979f623dfa9856228d76c9d768" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`CREATE INDEX "IDX_2979f623dfa9856228d76c9d76" ON "recovery_codes" ("principal_id") `);
    await runner.query(`CREATE TABLE "totp_factors" ("principal_id" varchar(36) PRIMARY KEY NOT NULL, "sealed_secret" varchar(255) NOT NULL, "created_at" datetime(3) NOT NULL, "activated_at" datetime(3), "last_step" integer NOT NULL, "failures" integer NOT NULL, "last_failure_at" datetime(3), CONSTRAINT "FK_8025b990b8dd7542ef7193831fe" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "totp_factors"`);
    await runner.query(`DROP TABLE "recovery_codes"`);
    await runner.query(`DROP TABLE "mfa_challenges"`);
  }
}
