import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountLife1795254103565 implements MigrationInterface {
  name = 'AccountLife1795254103565';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "users" ADD COLUMN "banned_until" datetime(3)`);
    await runner.query(`ALTER TABLE "users" ADD COLUMN "ban_reason" varchar(500)`);
    await runner.query(`CREATE TABLE "deleted_users" ("id" varchar(36) PRIMARY KEY NOT NULL, "email" varchar(254) NOT NULL, "email_key" varchar(254) NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "name" varchar(120), "status" varchar(32) NOT NULL, "banned_until" datetime(3), "ban_reason" varchar(500), "time_zone" varchar(64) NOT NULL, "preferences" text NOT NULL, "email_verified_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, "deleted_at" datetime(3) NOT NULL, "deleted_by_kind" varchar(32) NOT NULL, "deleted_by_id" varchar(36), "delete_reason" varchar(500), "purge_after" datetime(3) NOT NULL, "erasing_at" datetime(3), CONSTRAINT "FK_e912c54f66fe8d22c12de2ad253" FOREIGN KEY ("id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`CREATE INDEX "IDX_423979145b7577fad7de71444a" ON "deleted_users" ("purge_after") `);
    await runner.query(`CREATE UNIQUE INDEX "deleted_users_username_key" ON "deleted_users" ("username_key") `);
    await runner.query(`CREATE UNIQUE INDEX "deleted_users_email_key" ON "deleted_users" ("email_key") `);
    await runner.query(`CREATE TABLE "erased_users" ("id" varchar(36) PRIMARY KEY NOT NULL, "erased_at" datetime(3) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_5541e40b3d1b43d036b892eacd" ON "erased_users" ("erased_at") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "erased_users"`);
    await runner.query(`DROP TABLE "deleted_users"`);
    await runner.query(`ALTER TABLE "users" DROP COLUMN "ban_reason"`);
    await runner.query(`ALTER TABLE "users" DROP COLUMN "banned_until"`);
  }
}
