import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKeysAndSecrets1795253973065 implements MigrationInterface {
  name = 'SigningKeysAndSecrets1795253973065';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`signing_keys\` (\`kid\` varchar(43) NOT NULL, \`sealed\` text NULL, \`public_jwk\` text NOT NULL, \`state\` varchar(32) NOT NULL, \`place\` varchar(32) NULL, \`created_at\` datetime(3) NOT NULL, \`signs_from\` datetime(3) NOT NULL, \`retired_at\` datetime(3) NULL, UNIQUE INDEX \`IDX_f92f2737642bfc1c537a051c09\` (\`place\`), PRIMARY KEY (\`kid\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`secrets\` (\`name\` varchar(64) NOT NULL, \`wrapped\` varchar(255) NOT NULL, \`created_at\` datetime(3) NOT NULL, PRIMARY KEY (\`name\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE \`secrets\``);
    await runner.query(`DROP INDEX \`IDX_f92f2737642bfc1c537a051c09\` ON \`signing_keys\``);
    await runner.query(`DROP TABLE \`signing_keys\``);
  }
}
