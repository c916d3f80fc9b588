import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditChains1795260337964 implements MigrationInterface {
  name = 'AuditChains1795260337964';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "audit_checkpoints" ("number" bigint PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "heads" text NOT NULL, "signature" varchar(86) NOT NULL)`);
    await runner.query(`CREATE TABLE "audit_lanes" ("lane" integer PRIMARY KEY NOT NULL, "seq" bigint NOT NULL, "hash" varchar(43) NOT NULL)`);
    await runner.query(`DROP INDEX "IDX_bda5c6e7f668a02fe989c18fb4"`);
    await runner.query(`DROP INDEX "IDX_0ded20923357829f1d2bdec361"`);
    await runner.query(`DROP INDEX "IDX_f7d2ac32745dc979d3bd6f4049"`);
    await runner.query(`CREATE TABLE "temporary_audit_events" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "actor_kind" varchar(32) NOT NULL, "actor_id" varchar(36), "on_behalf_of" varchar(36), "action" varchar(64) NOT NULL, "target_id" varchar(64), "before" text, "after" text, "reason" varchar(500), "ip" varchar(64), "request_id" varchar(128), "lane" integer, "seq" bigint, "details_hash" varchar(43), "salt" varchar(22), "hash" varchar(43), "mac" varchar(43))`);
    await runner.query(`INSERT INTO "temporary_audit_events"("id", "at", "actor_kind", "actor_id", "on_behalf_of", "action", "target_id", "before", "after", "reason", "ip", "request_id") SELECT "id", "at", "actor_kind", "actor_id", "on_behalf_of", "action", "target_id", "before", "after", "reason", "ip", "request_id" FROM "audit_events"`);
    await runner.query(`DROP TABLE "audit_events"`);
    await runner.query(`ALTER TABLE "temporary_audit_events" RENAME TO "audit_events"`);
    await runner.query(`CREATE INDEX "IDX_bda5c6e7f668a02fe989c18fb4" ON "audit_events" ("target_id", "id") `);
    await runner.query(`CREATE INDEX "IDX_0ded20923357829f1d2bdec361" ON "audit_events" ("actor_id", "id") `);
    await runner.query(`CREATE INDEX "IDX_f7d2ac32745dc979d3bd6f4049" ON "audit_events" ("action", "id") `);
    await runner.query(`CREATE UNIQUE INDEX "IDX_ddffa593fa1ce77cab0664cee1" ON "audit_events" ("lane", "seq") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_ddffa593fa1ce77cab0664cee1"`);
    await runner.query(`DROP INDEX "IDX_f7d2ac32745dc979d3bd6f4049"`);
    await runner.query(`DROP INDEX "IDX_0ded20923357829f1d2bdec361"`);
    await runner.query(`DROP INDEX "IDX_bda5c6e7f668a02fe989c18fb4"`);
    await runner.query(`ALTER TABLE "audit_events" RENAME TO "temporary_audit_events"`);
    await runner.query(`CREATE TABLE "audit_events" ("id" varchar(36) PRIMARY KEY NOT NULL, "at" datetime(3) NOT NULL, "actor_kind" varchar(32) NOT NULL, "actor_id" varchar(36), "on_behalf_of" varchar(36), "action" varchar(64) NOT NULL, "target_id" varchar(64), "before" text, "after" text, "reason" varchar(500), "ip" varchar(64), "request_id" varchar(128))`);
    await runner.query(`INSERT INTO "audit_events"("id", "at", "actor_kind", "actor_id", "on_behalf_of", "action", "target_id", "before", "after", "reason", "ip", "request_id") SELECT "id", "at", "actor_kind", "actor_id", "on_behalf_of", "action", "target_id", "before", "after", "reason", "ip", "request_id" FROM "temporary_audit_events"`);
    await runner.query(`DROP TABLE "temporary_audit_events"`);
    await runner.query(`CREATE INDEX "IDX_f7d2ac32745dc979d3bd6f4049" ON "audit_events" ("action", "id") `);
    await runner.query(`CREATE INDEX "IDX_0ded20923357829f1d2bdec361" ON "audit_events" ("actor_id", "id") `);
    await runner.query(`CREATE INDEX "IDX_bda5c6e7f668a02fe989c18fb4" ON "audit_events" ("target_id", "id") `);
    await runner.query(`DROP TABLE "audit_lanes"`);
    await runner.query(`DROP TABLE "audit_checkpoints"`);
  }
}
