import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NumberedChanges1795253971512 implements MigrationInterface {
  name = 'NumberedChanges1795253971512';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_d4b00861e7fdbd0cbfe86b6e50"`);
    await runner.query(`CREATE TABLE "temporary_changes" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "topic" varchar(32) NOT NULL, "subject" varchar(64) NOT NULL, "seq" bigint)`);
    await runner.query(`INSERT INTO "temporary_changes"("id", "at", "topic", "subject") SELECT "id", "at", "topic", "subject" FROM "changes"`);
    await runner.query(`DROP TABLE "changes"`);
    await runner.query(`ALTER TABLE "temporary_changes" RENAME TO "changes"`);
    await runner.query(`CREATE INDEX "IDX_d4b00861e7fdbd0cbfe86b6e50" ON "changes" ("at") `);
    await runner.query(`CREATE UNIQUE INDEX "IDX_6ebae225b8451fb270bfdaacd5" ON "changes" ("seq") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_6ebae225b8451fb270bfdaacd5"`);
    await runner.query(`DROP INDEX "IDX_d4b00861e7fdbd0cbfe86b6e50"`);
    await runner.query(`ALTER TABLE "changes" RENAME TO "temporary_changes"`);
    await runner.query(`CREATE TABLE "changes" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "topic" varchar(32) NOT NULL, "subject" varchar(64) NOT NULL)`);
    await runner.query(`INSERT INTO "changes"("id", "at", "topic", "subject") SELECT "id", "at", "topic", "subject" FROM "temporary_changes"`);
    await runner.query(`DROP TABLE "temporary_changes"`);
    await runner.query(`CREATE INDEX "IDX_d4b00861e7fdbd0cbfe86b6e50" ON "changes" ("at") `);
  }
}
