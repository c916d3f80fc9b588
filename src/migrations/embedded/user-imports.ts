import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UserImports1795267905510 implements MigrationInterface {
  name = 'UserImports1795267905510';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "user_imports" ("id" varchar(36) PRIMARY KEY NOT NULL, "actor_kind" varchar(32) NOT NULL, "actor_id" varchar(36) NOT NULL, "idempotency_key" varchar(255) NOT NULL, "state" varchar(32) NOT NULL, "dealt_with" bigint NOT NULL, "hash" varchar(43) NOT NULL, "created" bigint NOT NULL, "failed" bigint NOT NULL, "started_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL)`);
    await runner.query(`CREATE UNIQUE INDEX "user_imports_key" ON "user_imports" ("actor_kind", "actor_id", "idempotency_key") `);
    await runner.query(`CREATE TABLE "user_import_errors" ("import_id" varchar(36) NOT NULL, "line" integer NOT NULL, "pointer" varchar(64) NOT NULL, "code" varchar(64) NOT NULL, "detail" varchar(500) NOT NULL, PRIMARY KEY ("import_id", "line", "pointer"))`);
    await runner.query(`CREATE TABLE "temporary_user_import_errors" ("import_id" varchar(36) NOT NULL, "line" integer NOT NULL, "pointer" varchar(64) NOT NULL, "code" varchar(64) NOT NULL, "detail" varchar(500) NOT NULL, CONSTRAINT "FK_ed97ee835ff42fa155fb4aee2ca" FOREIGN KEY ("import_id") REFERENCES "user_imports" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, PRIMARY KEY ("import_id", "line", "pointer"))`);
    await runner.query(`INSERT INTO "temporary_user_import_errors"("import_id", "line", "pointer", "code", "detail") SELECT "import_id", "line", "pointer", "code", "detail" FROM "user_import_errors"`);
    await runner.query(`DROP TABLE "user_import_errors"`);
    await runner.query(`ALTER TABLE "temporary_user_import_errors" RENAME TO "user_import_errors"`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "user_import_errors" RENAME TO "temporary_user_import_errors"`);
    await runner.query(`CREATE TABLE "user_import_errors" ("import_id" varchar(36) NOT NULL, "line" integer NOT NULL, "pointer" varchar(64) NOT NULL, "code" varchar(64) NOT NULL, "detail" varchar(500) NOT NULL, PRIMARY KEY ("import_id", "line", "pointer"))`);
    await runner.query(`INSERT INTO "user_import_errors"("import_id", "line", "pointer", "code", "detail") SELECT "import_id", "line", "pointer", "code", "detail" FROM "temporary_user_import_errors"`);
    await runner.query(`DROP TABLE "temporary_user_import_errors"`);
    await runner.query(`DROP TABLE "user_import_errors"`);
    await runner.query(`DROP INDEX "user_imports_key"`);
    await runner.query(`DROP TABLE "user_imports"`);
  }
}
