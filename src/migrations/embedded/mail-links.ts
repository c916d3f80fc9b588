import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MailLinks1795253986310 implements MigrationInterface {
  name = 'MailLinks1795253986310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "mail_links" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "purpose" varchar(32) NOT NULL, "token_hash" varchar(43) NOT NULL, "address" varchar(254) NOT NULL, "created_at" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "used_at" datetime(3))`);
    await runner.query(`CREATE UNIQUE INDEX "mail_links_token" ON "mail_links" ("token_hash") `);
    await runner.query(`CREATE INDEX "IDX_f9df03a34fba9262a9ae2772e7" ON "mail_links" ("expires_at") `);
    await runner.query(`CREATE INDEX "IDX_16d06c5a0c497421ba61f12d84" ON "mail_links" ("principal_id", "purpose", "created_at") `);
    await runner.query(`DROP INDEX "mail_links_token"`);
    await runner.query(`DROP INDEX "IDX_f9df03a34fba9262a9ae2772e7"`);
    await runner.query(`DROP INDEX "IDX_16d06c5a0c497421ba61f12d84"`);
    await runner.query(`CREATE TABLE "temporary_mail_links" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "purpose" varchar(32) NOT NULL, "token_hash" varchar(43) NOT NULL, "address" varchar(254) NOT NULL, "created_at" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "used_at" datetime(3), CONSTRAINT "FK_e476c00a8ad797f9fa843ddfb7f" FOREIGN KEY ("principal_id") REFERENCES "principals" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`);
    await runner.query(`INSERT INTO "temporary_mail_links"("id", "principal_id", "purpose", "token_hash", "address", "created_at", "expires_at", "used_at") SELECT "id", "principal_id", "purpose", "token_hash", "address", "created_at", "expires_at", "used_at" FROM "mail_links"`);
    await runner.query(`DROP TABLE "mail_links"`);
    await runner.query(`ALTER TABLE "temporary_mail_links" RENAME TO "mail_links"`);
    await runner.query(`CREATE UNIQUE INDEX "mail_links_token" ON "mail_links" ("token_hash") `);
    await runner.query(`CREATE INDEX "IDX_f9df03a34fba9262a9ae2772e7" ON "mail_links" ("expires_at") `);
    await runner.query(`CREATE INDEX "IDX_16d06c5a0c497421ba61f12d84" ON "mail_links" ("principal_id", "purpose", "created_at") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IDX_16d06c5a0c497421ba61f12d84"`);
    await runner.query(`DROP INDEX "IDX_f9df03a34fba9262a9ae2772e7"`);
    await runner.query(`DROP INDEX "mail_links_token"`);
    await runner.query(`ALTER TABLE "mail_links" RENAME TO "temporary_mail_links"`);
    await runner.query(`CREATE TABLE "mail_links" ("id" varchar(36) PRIMARY KEY NOT NULL, "principal_id" varchar(36) NOT NULL, "purpose" varchar(32) NOT NULL, "token_hash" varchar(43) NOT NULL, "address" varchar(254) NOT NULL, "created_at" datetime(3) NOT NULL, "expires_at" datetime(3) NOT NULL, "used_at" datetime(3))`);
    await runner.query(`INSERT INTO "mail_links"("id", "principal_id", "purpose", "token_hash", "address", "created_at", "expires_at", "used_at") SELECT "id", "principal_id", "purpose", "token_hash", "address", "created_at", "expires_at", "used_at" FROM "temporary_mail_links"`);
    await runner.query(`DROP TABLE "temporary_mail_links"`);
    await runner.query(`CREATE INDEX "IDX_16d06c5a0c497421ba61f12d84" ON "mail_links" ("principal_id", "purpose", "created_at") `);
    await runner.query(`CREATE INDEX "IDX_f9df03a34fba9262a9ae2772e7" ON "mail_links" ("expires_at") `);
    await runner.query(`CREATE UNIQUE INDEX "mail_links_token" ON "mail_links" ("token_hash") `);
    await runner.query(`DROP INDEX "IDX_16d06c5a0c497421ba61f12d84"`);
    await runner.query(`DROP INDEX "IDX_f9df03a34fba9262a9ae2772e7"`);
    await runner.query(`DROP INDEX "mail_links_token"`);
    await runner.query(`DROP TABLE "mail_links"`);
  }
}
