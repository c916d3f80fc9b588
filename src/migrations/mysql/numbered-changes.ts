import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NumberedChanges1795253977141 implements MigrationInterface {
  name = 'NumberedChanges1795253977141';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`changes\` ADD \`seq\` bigint NULL`);
    await runner.query(`ALTER TABLE \`changes\` ADD UNIQUE INDEX \`IDX_6ebae225b8451fb270bfdaacd5\` (\`seq\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`changes\` DROP INDEX \`IDX_6ebae225b8451fb270bfdaacd5\``);
    await runner.query(`ALTER TABLE \`changes\` DROP COLUMN \`seq\``);
  }
}
