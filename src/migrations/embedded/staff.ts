import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Staff1795259118644 implements MigrationInterface {
  name = 'Staff1795259118644';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "support_staff" ("id" varchar(36) PRIMARY KEY NOT NULL, "username" varchar(64) NOT NULL, "username_key" varchar(64) NOT NULL, "email" varchar(254) NOT NULL, "email_key" varchar(254) NOT NULL, "name" varchar(120), "level" integer NOT NULL, "status" varchar(32) NOT NULL, "email_verified_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "FK_242e71f6887c0bea424952a345b" FOREIGN KEY ("id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`CREATE UNIQUE INDEX "support_staff_email_key" ON "support_staff" ("email_key") `);
    await runner.query(`CREATE UNIQUE INDEX "support_staff_username_key" ON "support_staff" ("username_key") `);
    await runner.query(`ALTER TABLE "admins" ADD COLUMN "permissions" text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "admins" DROP COLUMN "permissions"`);
    await runner.query(`DROP TABLE "support_staff"`);
  }
}
