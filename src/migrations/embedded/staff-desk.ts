import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StaffDesk1795261075191 implements MigrationInterface {
  name = 'StaffDesk1795261075191';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "user_notes" ("id" varchar(36) PRIMARY KEY NOT NULL, "user_id" varchar(36) NOT NULL, "author_id" varchar(36) NOT NULL, "author_name" varchar(64) NOT NULL, "text" varchar(2000) NOT NULL, "created_at" datetime(3) NOT NULL, CONSTRAINT "FK_d2a9cb672e3701a1f2692c034a4" FOREIGN KEY ("user_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`CREATE INDEX "user_notes_user" ON "user_notes" ("user_id", "id") `);
    await runner.query(`ALTER TABLE "sign_in_failures" ADD COLUMN "account" varchar(43)`);
    await runner.query(`CREATE INDEX "sign_in_failures_account" ON "sign_in_failures" ("account") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "sign_in_failures_account"`);
    await runner.query(`ALTER TABLE "sign_in_failures" DROP COLUMN "account"`);
    await runner.query(`DROP TABLE "user_notes"`);
  }
}
