import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ChangesAndMail1795253123570 implements MigrationInterface {
  name = 'ChangesAndMail1795253123570';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "changes" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "topic" varchar(32) NOT NULL, "subject" varchar(64) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_d4b00861e7fdbd0cbfe86b6e50" ON "changes" ("at") `);
    await runner.query(`CREATE TABLE "outgoing_mails" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36), "sealed" text, "status" varchar(32) NOT NULL, "attempts" integer NOT NULL, "created_at" datetime(3) NOT NULL, "due_at" datetime(3) NOT NULL, "finished_at" datetime(3), "last_error" varchar(500))`);
    await runner.query(`CREATE INDEX "IDX_ef0ad32cc427ce07f0bd44563e" ON "outgoing_mails" ("status", "due_at") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_ef0ad32cc427ce07f0bd44563e"`);
    await runner.query(`DROP TABLE "outgoing_mails"`);
    await runner.query(`DROP INDEX "IDX_d4b00861e7fdbd0cbfe86b6e50"`);
    await runner.query(`DROP TABLE "changes"`);
  }
}
