import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IpRules1795255898946 implements MigrationInterface {
  name = 'IpRules1795255898946';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "ip_rules" ("id" varchar(36) PRIMARY KEY NOT NULL, "cidr" varchar(64) NOT NULL, "applies_to" varchar(32) NOT NULL, "mode" varchar(32) NOT NULL, "note" varchar(500), "created_at" datetime(3) NOT NULL, "created_by" varchar(36), "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "ip_rules"`);
  }
}
