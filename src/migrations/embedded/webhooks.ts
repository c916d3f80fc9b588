import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Its instant lies behind that of the last migration, not of the day it was written. */
export class Webhooks1795310000000 implements MigrationInterface {
  name = 'Webhooks1795310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "webhook_events" ("id" varchar(36) PRIMARY KEY NOT NULL, "type" varchar(64) NOT NULL, "user_id" varchar(36), "at" datetime(3) NOT NULL, "body" mediumtext NOT NULL, "once_key" varchar(120))`);
    await runner.query(`CREATE INDEX "IDX_1a31c593da859c2794d9653a4e" ON "webhook_events" ("user_id") `);
    await runner.query(`CREATE UNIQUE INDEX "IDX_0450ea04723665830ecef1b487" ON "webhook_events" ("once_key") `);
    await runner.query(`CREATE INDEX "IDX_9ff42e743d82e5904925bc5953" ON "webhook_events" ("at") `);
    await runner.query(`CREATE TABLE "webhook_deliveries" ("id" varchar(36) PRIMARY KEY NOT NULL, "endpoint_id" varchar(36) NOT NULL, "event_id" varchar(36) NOT NULL, "type" varchar(64) NOT NULL, "status" varchar(32) NOT NULL, "attempts" integer NOT NULL, "failures" integer NOT NULL, "created_at" datetime(3) NOT NULL, "due_at" datetime(3) NOT NULL, "finished_at" datetime(3), "history" text NOT NULL, CONSTRAINT "FK_27d1ee90033bdafe0ffe8f1be6f" FOREIGN KEY ("event_id") REFERENCES "webhook_events" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`CREATE INDEX "IDX_27d1ee90033bdafe0ffe8f1be6" ON "webhook_deliveries" ("event_id") `);
    await runner.query(`CREATE INDEX "IDX_400a43a8db7e79179893d48f44" ON "webhook_deliveries" ("endpoint_id", "status", "id") `);
    await runner.query(`CREATE INDEX "IDX_bf4c2408a9971469612351d92a" ON "webhook_deliveries" ("endpoint_id", "id") `);
    await runner.query(`CREATE INDEX "IDX_6c5d294596d01a5f8e0e433aa4" ON "webhook_deliveries" ("endpoint_id", "status", "due_at") `);
    await runner.query(`CREATE TABLE "webhook_endpoints" ("id" varchar(36) PRIMARY KEY NOT NULL, "url" varchar(2000) NOT NULL, "description" varchar(500), "event_types" text, "enabled" boolean NOT NULL, "disabled_for" varchar(32), "disabled_at" datetime(3), "failing_since" datetime(3), "sealed_secret" varchar(255) NOT NULL, "former_secret" varchar(255), "former_until" datetime(3), "created_at" datetime(3) NOT NULL, "created_by" varchar(36), "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "webhook_endpoints"`);
    await runner.query(`DROP TABLE "webhook_deliveries"`);
    await runner.query(`DROP TABLE "webhook_events"`);
  }
}
