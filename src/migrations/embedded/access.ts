import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Access1795267773090 implements MigrationInterface {
  name = 'Access1795267773090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "sessions" ADD COLUMN "impersonator_id" varchar(36)`);
    await runner.query(`ALTER TABLE "sessions" ADD COLUMN "impersonator_session_id" varchar(36)`);
    await runner.query(`ALTER TABLE "deleted_users" ADD COLUMN "banned_at" datetime(3)`);
    await runner.query(`ALTER TABLE "deleted_users" ADD COLUMN "partial_bans" text`);
    await runner.query(`ALTER TABLE "users" ADD COLUMN "banned_at" datetime(3)`);
    await runner.query(`ALTER TABLE "users" ADD COLUMN "partial_bans" text`);
    await runner.query(`CREATE INDEX "auth_login_audit_reason" ON "auth_login_audit" ("reason", "at") `);
    await runner.query(`CREATE INDEX "auth_login_audit_ip" ON "auth_login_audit" ("ip", "at") `);
    await runner.query(`CREATE INDEX "auth_login_audit_username" ON "auth_login_audit" ("username", "at") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "auth_login_audit_username"`);
    await runner.query(`DROP INDEX "auth_login_audit_ip"`);
    await runner.query(`DROP INDEX "auth_login_audit_reason"`);
    await runner.query(`ALTER TABLE "users" DROP COLUMN "partial_bans"`);
    await runner.query(`ALTER TABLE "users" DROP COLUMN "banned_at"`);
    await runner.query(`ALTER TABLE "deleted_users" DROP COLUMN "partial_bans"`);
    await runner.query(`ALTER TABLE "deleted_users" DROP COLUMN "banned_at"`);
    await runner.query(`ALTER TABLE "sessions" DROP COLUMN "impersonator_session_id"`);
    await runner.query(`ALTER TABLE "sessions" DROP COLUMN "impersonator_id"`);
  }
}
