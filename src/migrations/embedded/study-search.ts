import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Full text of documents: an index beside the table, kept by triggers. Its instant lies behind that of the table. */
export class StudySearch1795300000000 implements MigrationInterface {
  name = 'StudySearch1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE VIRTUAL TABLE "document_search" USING fts5("search_text", content='document_pages', content_rowid='id', tokenize='unicode61 remove_diacritics 0')`);
    await runner.query(`CREATE TRIGGER "document_pages_added" AFTER INSERT ON "document_pages" BEGIN INSERT INTO "document_search"("rowid", "search_text") VALUES (new."id", new."search_text"); END`);
    await runner.query(`CREATE TRIGGER "document_pages_removed" AFTER DELETE ON "document_pages" BEGIN INSERT INTO "document_search"("document_search", "rowid", "search_text") VALUES ('delete', old."id", old."search_text"); END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER "document_pages_removed"`);
    await runner.query(`DROP TRIGGER "document_pages_added"`);
    await runner.query(`DROP TABLE "document_search"`);
  }
}
