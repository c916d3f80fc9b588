import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NoticesOfPeople1795257409038 implements MigrationInterface {
  name = 'NoticesOfPeople1795257409038';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX "IDX_c40bce37a9b97bd6e410a2cd45" ON "outgoing_mails" ("principal_id") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_c40bce37a9b97bd6e410a2cd45"`);
  }
}
