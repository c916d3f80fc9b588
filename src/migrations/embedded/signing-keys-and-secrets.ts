import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKeysAndSecrets1795253968183 implements MigrationInterface {
  name = 'SigningKeysAndSecrets1795253968183';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "signing_keys" ("kid" varchar(43) PRIMARY KEY NOT NULL, "sealed" text, "public_jwk" text NOT NULL, "state" varchar(32) NOT NULL, "place" varchar(32), "created_at" datetime(3) NOT NULL, "signs_from" datetime(3) NOT NULL, "retired_at" datetime(3), CONSTRAINT "UQ_f92f2737642bfc1c537a051c099" UNIQUE ("place"))`);
    await runner.query(`CREATE TABLE "secrets" ("name" varchar(64) PRIMARY KEY NOT NULL, "wrapped" varchar(255) NOT NULL, "created_at" datetime(3) NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "secrets"`);
    await runner.query(`DROP TABLE "signing_keys"`);
  }
}
