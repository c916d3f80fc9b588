import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskSearch1795285930000 implements MigrationInterface {
  name = 'TaskSearch1795285930000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE FULLTEXT INDEX `task_words_search` ON `task_words` (`words`)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX `task_words_search` ON `task_words`');
  }
}
