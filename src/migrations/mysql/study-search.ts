import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Full text of documents. Its instant lies behind that of the table. */
export class StudySearch1795300000000 implements MigrationInterface {
  name = 'StudySearch1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE FULLTEXT INDEX `document_pages_search` ON `document_pages` (`search_text`)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX `document_pages_search` ON `document_pages`');
  }
}
