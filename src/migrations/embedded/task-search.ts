import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is searched stands in the table itself; the index names its rows by their number, and triggers keep it up. */
export class TaskSearch1795285930000 implements MigrationInterface {
  name = 'TaskSearch1795285930000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE VIRTUAL TABLE "task_words_index" USING fts5("words", content='task_words', content_rowid='number', tokenize='unicode61 remove_diacritics 0')`);
    await runner.query(`CREATE TRIGGER "task_words_inserted" AFTER INSERT ON "task_words" BEGIN INSERT INTO "task_words_index" ("rowid", "words") VALUES (new."number", new."words"); END`);
    await runner.query(`CREATE TRIGGER "task_words_deleted" AFTER DELETE ON "task_words" BEGIN INSERT INTO "task_words_index" ("task_words_index", "rowid", "words") VALUES ('delete', old."number", old."words"); END`);
    await runner.query(`CREATE TRIGGER "task_words_updated" AFTER UPDATE ON "task_words" BEGIN INSERT INTO "task_words_index" ("task_words_index", "rowid", "words") VALUES ('delete', old."number", old."words"); INSERT INTO "task_words_index" ("rowid", "words") VALUES (new."number", new."words"); END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER "task_words_updated"`);
    await runner.query(`DROP TRIGGER "task_words_deleted"`);
    await runner.query(`DROP TRIGGER "task_words_inserted"`);
    await runner.query(`DROP TABLE "task_words_index"`);
  }
}
