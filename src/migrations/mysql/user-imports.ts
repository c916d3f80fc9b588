import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UserImports1795267930083 implements MigrationInterface {
  name = 'UserImports1795267930083';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`user_imports\` (\`id\` varchar(36) NOT NULL, \`actor_kind\` varchar(32) NOT NULL, \`actor_id\` varchar(36) NOT NULL, \`idempotency_key\` varchar(255) NOT NULL, \`state\` varchar(32) NOT NULL, \`dealt_with\` bigint NOT NULL, \`hash\` varchar(43) NOT NULL, \`created\` bigint NOT NULL, \`failed\` bigint NOT NULL, \`started_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, UNIQUE INDEX \`user_imports_key\` (\`actor_kind\`, \`actor_id\`, \`idempotency_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`user_import_errors\` (\`import_id\` varchar(36) NOT NULL, \`line\` int NOT NULL, \`pointer\` varchar(64) NOT NULL, \`code\` varchar(64) NOT NULL, \`detail\` varchar(500) NOT NULL, PRIMARY KEY (\`import_id\`, \`line\`, \`pointer\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`user_import_errors\` ADD CONSTRAINT \`FK_ed97ee835ff42fa155fb4aee2ca\` FOREIGN KEY (\`import_id\`) REFERENCES \`user_imports\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`user_import_errors\` DROP FOREIGN KEY \`FK_ed97ee835ff42fa155fb4aee2ca\``);
    await runner.query(`DROP TABLE \`user_import_errors\``);
    await runner.query(`DROP INDEX \`user_imports_key\` ON \`user_imports\``);
    await runner.query(`DROP TABLE \`user_imports\``);
  }
}
