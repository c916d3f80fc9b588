import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MessageLogs1795246242191 implements MigrationInterface {
  name = 'MessageLogs1795246242191';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "message_logs" ("id" varchar(36) PRIMARY KEY NOT NULL, "user_id" varchar(36) NOT NULL, "client_id" varchar(128), "conversation_id" varchar(128), "model" varchar(128) NOT NULL, "message_count" integer NOT NULL, "prompt_tokens" integer, "completion_tokens" integer, "latency_ms" integer, "metadata" text, "created_at" datetime(3) NOT NULL)`);
    await runner.query(`CREATE INDEX "IDX_e66d267f19f6347e4c8d7ed298" ON "message_logs" ("user_id", "conversation_id") `);
    await runner.query(`CREATE INDEX "IDX_67bc4d6035abaff1b8a48becb6" ON "message_logs" ("user_id", "created_at") `);
    await runner.query(`CREATE TABLE "message_texts" ("id" varchar(36) PRIMARY KEY NOT NULL, "sealed" mediumblob NOT NULL)`);
    await runner.query(`CREATE TABLE "message_log_keys" ("user_id" varchar(36) NOT NULL, "client_id" varchar(128) NOT NULL, "log_id" varchar(36) NOT NULL, PRIMARY KEY ("user_id", "client_id"))`);
    await runner.query(`CREATE INDEX "IDX_00f4049a2de911b353cdb55365" ON "message_log_keys" ("log_id") `);
    await runner.query(`CREATE TABLE "data_keys" ("user_id" varchar(36) PRIMARY KEY NOT NULL, "wrapped" varchar(255) NOT NULL, "created_at" datetime(3) NOT NULL, CONSTRAINT "FK_5a762da3925d29e0ace802e340e" FOREIGN KEY ("user_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "data_keys"`);
    await runner.query(`DROP INDEX "IDX_00f4049a2de911b353cdb55365"`);
    await runner.query(`DROP TABLE "message_log_keys"`);
    await runner.query(`DROP TABLE "message_texts"`);
    await runner.query(`DROP INDEX "IDX_67bc4d6035abaff1b8a48becb6"`);
    await runner.query(`DROP INDEX "IDX_e66d267f19f6347e4c8d7ed298"`);
    await runner.query(`DROP TABLE "message_logs"`);
  }
}
