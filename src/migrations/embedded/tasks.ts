import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tasks1795285895230 implements MigrationInterface {
  name = 'Tasks1795285895230';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "task_feeds" ("owner_id" varchar(36) PRIMARY KEY NOT NULL, "secret_hash" varchar(64) NOT NULL, "created_at" datetime(3) NOT NULL, CONSTRAINT "task_feeds_secret" UNIQUE ("secret_hash"))`);
    await runner.query(`CREATE TABLE "task_boards" ("owner_id" varchar(36) PRIMARY KEY NOT NULL, "revision" integer NOT NULL)`);
    await runner.query(`CREATE TABLE "tasks" ("id" varchar(36) PRIMARY KEY NOT NULL, "owner_id" varchar(36) NOT NULL, "parent_id" varchar(36), "title" varchar(500) NOT NULL, "title_key" varchar(500) NOT NULL, "description" text, "status" varchar(32) NOT NULL, "priority" integer NOT NULL, "position" double NOT NULL, "due_day" varchar(10), "due_time" varchar(12), "time_zone" varchar(64) NOT NULL, "due_at" datetime(3), "late_at" datetime(3) NOT NULL, "recurrence" varchar(500), "recurrence_start" varchar(23), "previous_id" varchar(36), "completed_at" datetime(3), "trashed_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "tasks_successor" UNIQUE ("previous_id"))`);
    await runner.query(`CREATE INDEX "IDX_b03c99063a4eaf084f069a4d5a" ON "tasks" ("parent_id") `);
    await runner.query(`CREATE INDEX "tasks_trash" ON "tasks" ("trashed_at") `);
    await runner.query(`CREATE INDEX "tasks_board" ON "tasks" ("owner_id", "status", "position", "id") `);
    await runner.query(`CREATE TABLE "task_tags" ("task_id" varchar(36) NOT NULL, "tag_key" varchar(100) NOT NULL, "tag" varchar(50) NOT NULL, PRIMARY KEY ("task_id", "tag_key"))`);
    await runner.query(`CREATE TABLE "task_words" ("number" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "task_id" varchar(36) NOT NULL, "words" mediumtext NOT NULL, CONSTRAINT "task_words_task" UNIQUE ("task_id"))`);
    await runner.query(`CREATE TABLE "task_views" ("id" varchar(36) PRIMARY KEY NOT NULL, "owner_id" varchar(36) NOT NULL, "name" varchar(100) NOT NULL, "name_key" varchar(200) NOT NULL, "query" varchar(2000) NOT NULL, "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "task_views_name" UNIQUE ("owner_id", "name_key"))`);
    await runner.query(`CREATE TABLE "temporary_task_feeds" ("owner_id" varchar(36) PRIMARY KEY NOT NULL, "secret_hash" varchar(64) NOT NULL, "created_at" datetime(3) NOT NULL, CONSTRAINT "task_feeds_secret" UNIQUE ("secret_hash"), CONSTRAINT "FK_04f2bf32a03d624c0ad4dbed68a" FOREIGN KEY ("owner_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_task_feeds"("owner_id", "secret_hash", "created_at") SELECT "owner_id", "secret_hash", "created_at" FROM "task_feeds"`);
    await runner.query(`DROP TABLE "task_feeds"`);
    await runner.query(`ALTER TABLE "temporary_task_feeds" RENAME TO "task_feeds"`);
    await runner.query(`CREATE TABLE "temporary_task_boards" ("owner_id" varchar(36) PRIMARY KEY NOT NULL, "revision" integer NOT NULL, CONSTRAINT "FK_fccc5768b56925ae455aa300f07" FOREIGN KEY ("owner_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_task_boards"("owner_id", "revision") SELECT "owner_id", "revision" FROM "task_boards"`);
    await runner.query(`DROP TABLE "task_boards"`);
    await runner.query(`ALTER TABLE "temporary_task_boards" RENAME TO "task_boards"`);
    await runner.query(`DROP INDEX "IDX_b03c99063a4eaf084f069a4d5a"`);
    await runner.query(`DROP INDEX "tasks_trash"`);
    await runner.query(`DROP INDEX "tasks_board"`);
    await runner.query(`CREATE TABLE "temporary_tasks" ("id" varchar(36) PRIMARY KEY NOT NULL, "owner_id" varchar(36) NOT NULL, "parent_id" varchar(36), "title" varchar(500) NOT NULL, "title_key" varchar(500) NOT NULL, "description" text, "status" varchar(32) NOT NULL, "priority" integer NOT NULL, "position" double NOT NULL, "due_day" varchar(10), "due_time" varchar(12), "time_zone" varchar(64) NOT NULL, "due_at" datetime(3), "late_at" datetime(3) NOT NULL, "recurrence" varchar(500), "recurrence_start" varchar(23), "previous_id" varchar(36), "completed_at" datetime(3), "trashed_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "tasks_successor" UNIQUE ("previous_id"), CONSTRAINT "FK_0631c1eb8316f8af361cf14eb85" FOREIGN KEY ("owner_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT "FK_b03c99063a4eaf084f069a4d5a7" FOREIGN KEY ("parent_id") REFERENCES "tasks" ("id") ON DELETE SET NULL ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_tasks"("id", "owner_id", "parent_id", "title", "title_key", "description", "status", "priority", "position", "due_day", "due_time", "time_zone", "due_at", "late_at", "recurrence", "recurrence_start", "previous_id", "completed_at", "trashed_at", "created_at", "updated_at", "version") SELECT "id", "owner_id", "parent_id", "title", "title_key", "description", "status", "priority", "position", "due_day", "due_time", "time_zone", "due_at", "late_at", "recurrence", "recurrence_start", "previous_id", "completed_at", "trashed_at", "created_at", "updated_at", "version" FROM "tasks"`);
    await runner.query(`DROP TABLE "tasks"`);
    await runner.query(`ALTER TABLE "temporary_tasks" RENAME TO "tasks"`);
    await runner.query(`CREATE INDEX "IDX_b03c99063a4eaf084f069a4d5a" ON "tasks" ("parent_id") `);
    await runner.query(`CREATE INDEX "tasks_trash" ON "tasks" ("trashed_at") `);
    await runner.query(`CREATE INDEX "tasks_board" ON "tasks" ("owner_id", "status", "position", "id") `);
    await runner.query(`CREATE TABLE "temporary_task_tags" ("task_id" varchar(36) NOT NULL, "tag_key" varchar(100) NOT NULL, "tag" varchar(50) NOT NULL, CONSTRAINT "FK_70515bc464901781ac60b82a1ea" FOREIGN KEY ("task_id") REFERENCES "tasks" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, PRIMARY KEY ("task_id", "tag_key"))`);
    await runner.query(`INSERT INTO "temporary_task_tags"("task_id", "tag_key", "tag") SELECT "task_id", "tag_key", "tag" FROM "task_tags"`);
    await runner.query(`DROP TABLE "task_tags"`);
    await runner.query(`ALTER TABLE "temporary_task_tags" RENAME TO "task_tags"`);
    await runner.query(`CREATE TABLE "temporary_task_words" ("number" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "task_id" varchar(36) NOT NULL, "words" mediumtext NOT NULL, CONSTRAINT "task_words_task" UNIQUE ("task_id"), CONSTRAINT "FK_239fae6195fcb60646d60883f8c" FOREIGN KEY ("task_id") REFERENCES "tasks" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_task_words"("number", "task_id", "words") SELECT "number", "task_id", "words" FROM "task_words"`);
    await runner.query(`DROP TABLE "task_words"`);
    await runner.query(`ALTER TABLE "temporary_task_words" RENAME TO "task_words"`);
    await runner.query(`CREATE TABLE "temporary_task_views" ("id" varchar(36) PRIMARY KEY NOT NULL, "owner_id" varchar(36) NOT NULL, "name" varchar(100) NOT NULL, "name_key" varchar(200) NOT NULL, "query" varchar(2000) NOT NULL, "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "task_views_name" UNIQUE ("owner_id", "name_key"), CONSTRAINT "FK_ee3928367d45f911e75fd196a89" FOREIGN KEY ("owner_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_task_views"("id", "owner_id", "name", "name_key", "query", "created_at", "updated_at", "version") SELECT "id", "owner_id", "name", "name_key", "query", "created_at", "updated_at", "version" FROM "task_views"`);
    await runner.query(`DROP TABLE "task_views"`);
    await runner.query(`ALTER TABLE "temporary_task_views" RENAME TO "task_views"`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "task_views" RENAME TO "temporary_task_views"`);
    await runner.query(`CREATE TABLE "task_views" ("id" varchar(36) PRIMARY KEY NOT NULL, "owner_id" varchar(36) NOT NULL, "name" varchar(100) NOT NULL, "name_key" varchar(200) NOT NULL, "query" varchar(2000) NOT NULL, "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "task_views_name" UNIQUE ("owner_id", "name_key"))`);
    await runner.query(`INSERT INTO "task_views"("id", "owner_id", "name", "name_key", "query", "created_at", "updated_at", "version") SELECT "id", "owner_id", "name", "name_key", "query", "created_at", "updated_at", "version" FROM "temporary_task_views"`);
    await runner.query(`DROP TABLE "temporary_task_views"`);
    await runner.query(`ALTER TABLE "task_words" RENAME TO "temporary_task_words"`);
    await runner.query(`CREATE TABLE "task_words" ("number" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "task_id" varchar(36) NOT NULL, "words" mediumtext NOT NULL, CONSTRAINT "task_words_task" UNIQUE ("task_id"))`);
    await runner.query(`INSERT INTO "task_words"("number", "task_id", "words") SELECT "number", "task_id", "words" FROM "temporary_task_words"`);
    await runner.query(`DROP TABLE "temporary_task_words"`);
    await runner.query(`ALTER TABLE "task_tags" RENAME TO "temporary_task_tags"`);
    await runner.query(`CREATE TABLE "task_tags" ("task_id" varchar(36) NOT NULL, "tag_key" varchar(100) NOT NULL, "tag" varchar(50) NOT NULL, PRIMARY KEY ("task_id", "tag_key"))`);
    await runner.query(`INSERT INTO "task_tags"("task_id", "tag_key", "tag") SELECT "task_id", "tag_key", "tag" FROM "temporary_task_tags"`);
    await runner.query(`DROP TABLE "temporary_task_tags"`);
    await runner.query(`DROP INDEX "tasks_board"`);
    await runner.query(`DROP INDEX "tasks_trash"`);
    await runner.query(`DROP INDEX "IDX_b03c99063a4eaf084f069a4d5a"`);
    await runner.query(`ALTER TABLE "tasks" RENAME TO "temporary_tasks"`);
    await runner.query(`CREATE TABLE "tasks" ("id" varchar(36) PRIMARY KEY NOT NULL, "owner_id" varchar(36) NOT NULL, "parent_id" varchar(36), "title" varchar(500) NOT NULL, "title_key" varchar(500) NOT NULL, "description" text, "status" varchar(32) NOT NULL, "priority" integer NOT NULL, "position" double NOT NULL, "due_day" varchar(10), "due_time" varchar(12), "time_zone" varchar(64) NOT NULL, "due_at" datetime(3), "late_at" datetime(3) NOT NULL, "recurrence" varchar(500), "recurrence_start" varchar(23), "previous_id" varchar(36), "completed_at" datetime(3), "trashed_at" datetime(3), "created_at" datetime(3) NOT NULL, "updated_at" datetime(3) NOT NULL, "version" integer NOT NULL, CONSTRAINT "tasks_successor" UNIQUE ("previous_id"))`);
    await runner.query(`INSERT INTO "tasks"("id", "owner_id", "parent_id", "title", "title_key", "description", "status", "priority", "position", "due_day", "due_time", "time_zone", "due_at", "late_at", "recurrence", "recurrence_start", "previous_id", "completed_at", "trashed_at", "created_at", "updated_at", "version") SELECT "id", "owner_id", "parent_id", "title", "title_key", "description", "status", "priority", "position", "due_day", "due_time", "time_zone", "due_at", "late_at", "recurrence", "recurrence_start", "previous_id", "completed_at", "trashed_at", "created_at", "updated_at", "version" FROM "temporary_tasks"`);
    await runner.query(`DROP TABLE "temporary_tasks"`);
    await runner.query(`CREATE INDEX "tasks_board" ON "tasks" ("owner_id", "status", "position", "id") `);
    await runner.query(`CREATE INDEX "tasks_trash" ON "tasks" ("trashed_at") `);
    await runner.query(`CREATE INDEX "IDX_b03c99063a4eaf084f069a4d5a" ON "tasks" ("parent_id") `);
    await runner.query(`ALTER TABLE "task_boards" RENAME TO "temporary_task_boards"`);
    await runner.query(`CREATE TABLE "task_boards" ("owner_id" varchar(36) PRIMARY KEY NOT NULL, "revision" integer NOT NULL)`);
    await runner.query(`INSERT INTO "task_boards"("owner_id", "revision") SELECT "owner_id", "revision" FROM "temporary_task_boards"`);
    await runner.query(`DROP TABLE "temporary_task_boards"`);
    await runner.query(`ALTER TABLE "task_feeds" RENAME TO "temporary_task_feeds"`);
    await runner.query(`CREATE TABLE "task_feeds" ("owner_id" varchar(36) PRIMARY KEY NOT NULL, "secret_hash" varchar(64) NOT NULL, "created_at" datetime(3) NOT NULL, CONSTRAINT "task_feeds_secret" UNIQUE ("secret_hash"))`);
    await runner.query(`INSERT INTO "task_feeds"("owner_id", "secret_hash", "created_at") SELECT "owner_id", "secret_hash", "created_at" FROM "temporary_task_feeds"`);
    await runner.query(`DROP TABLE "temporary_task_feeds"`);
    await runner.query(`DROP TABLE "task_views"`);
    await runner.query(`DROP TABLE "task_words"`);
    await runner.query(`DROP TABLE "task_tags"`);
    await runner.query(`DROP INDEX "tasks_board"`);
    await runner.query(`DROP INDEX "tasks_trash"`);
    await runner.query(`DROP INDEX "IDX_b03c99063a4eaf084f069a4d5a"`);
    await runner.query(`DROP TABLE "tasks"`);
    await runner.query(`DROP TABLE "task_boards"`);
    await runner.query(`DROP TABLE "task_feeds"`);
  }
}
