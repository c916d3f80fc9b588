import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Study1795285902652 implements MigrationInterface {
  name = 'Study1795285902652';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`topics\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`parent_id\` varchar(36) NULL, \`name\` varchar(120) NOT NULL, \`name_key\` varchar(240) NOT NULL, \`colour\` varchar(7) NULL, \`position\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_645ec03b0df564bed249402a16\` (\`parent_id\`), INDEX \`topics_owner\` (\`owner_id\`, \`position\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`documents\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`topic_id\` varchar(36) NULL, \`title\` varchar(300) NOT NULL, \`title_key\` varchar(600) NOT NULL, \`file_name\` varchar(200) NOT NULL, \`file_id\` varchar(36) NOT NULL, \`sha256\` varchar(64) NOT NULL, \`bytes\` bigint NOT NULL, \`pages\` int NOT NULL, \`words\` int NOT NULL, \`pages_with_text\` int NOT NULL, \`progress_page\` int NOT NULL, \`state\` varchar(32) NOT NULL, \`failure\` varchar(32) NULL, \`claimed_until\` datetime(3) NULL, \`attempts\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_6da6eb5e8eee0cdaa053a32876\` (\`topic_id\`), UNIQUE INDEX \`IDX_3d122f6d936acfe13f931d058b\` (\`file_id\`), INDEX \`documents_extraction\` (\`state\`, \`claimed_until\`), INDEX \`documents_owner\` (\`owner_id\`, \`updated_at\`, \`id\`), UNIQUE INDEX \`documents_content\` (\`owner_id\`, \`sha256\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`document_pages\` (\`id\` int NOT NULL AUTO_INCREMENT, \`document_id\` varchar(36) NOT NULL, \`number\` int NOT NULL, \`words\` int NOT NULL, \`text\` mediumtext NOT NULL, \`search_text\` mediumtext NOT NULL, UNIQUE INDEX \`document_pages_number\` (\`document_id\`, \`number\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`loose_files\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`state\` varchar(32) NOT NULL, \`reserved_bytes\` bigint NOT NULL, \`since\` datetime(3) NOT NULL, INDEX \`IDX_154c5b782d634774667679f88f\` (\`owner_id\`), INDEX \`loose_files_age\` (\`state\`, \`since\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`storage_accounts\` (\`owner_id\` varchar(36) NOT NULL, \`bytes\` bigint NOT NULL, PRIMARY KEY (\`owner_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`topics\` ADD CONSTRAINT \`FK_fa11f07af223aaa992881ef7785\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`topics\` ADD CONSTRAINT \`FK_645ec03b0df564bed249402a16e\` FOREIGN KEY (\`parent_id\`) REFERENCES \`topics\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`documents\` ADD CONSTRAINT \`FK_888a4852e27627d1ebd8a094e98\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`documents\` ADD CONSTRAINT \`FK_6da6eb5e8eee0cdaa053a328761\` FOREIGN KEY (\`topic_id\`) REFERENCES \`topics\`(\`id\`) ON DELETE SET NULL ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`document_pages\` ADD CONSTRAINT \`FK_a417941c7fa102ca2b3ebd937c2\` FOREIGN KEY (\`document_id\`) REFERENCES \`documents\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`loose_files\` ADD CONSTRAINT \`FK_154c5b782d634774667679f88fb\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`storage_accounts\` ADD CONSTRAINT \`FK_9a35d4e32d1f94cdbc22680d1e7\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`storage_accounts\` DROP FOREIGN KEY \`FK_9a35d4e32d1f94cdbc22680d1e7\``);
    await runner.query(`ALTER TABLE \`loose_files\` DROP FOREIGN KEY \`FK_154c5b782d634774667679f88fb\``);
    await runner.query(`ALTER TABLE \`document_pages\` DROP FOREIGN KEY \`FK_a417941c7fa102ca2b3ebd937c2\``);
    await runner.query(`ALTER TABLE \`documents\` DROP FOREIGN KEY \`FK_6da6eb5e8eee0cdaa053a328761\``);
    await runner.query(`ALTER TABLE \`documents\` DROP FOREIGN KEY \`FK_888a4852e27627d1ebd8a094e98\``);
    await runner.query(`ALTER TABLE \`topics\` DROP FOREIGN KEY \`FK_645ec03b0df564bed249402a16e\``);
    await runner.query(`ALTER TABLE \`topics\` DROP FOREIGN KEY \`FK_fa11f07af223aaa992881ef7785\``);
    await runner.query(`DROP TABLE \`storage_accounts\``);
    await runner.query(`DROP INDEX \`loose_files_age\` ON \`loose_files\``);
    await runner.query(`DROP INDEX \`IDX_154c5b782d634774667679f88f\` ON \`loose_files\``);
    await runner.query(`DROP TABLE \`loose_files\``);
    await runner.query(`DROP INDEX \`document_pages_number\` ON \`document_pages\``);
    await runner.query(`DROP TABLE \`document_pages\``);
    await runner.query(`DROP INDEX \`documents_content\` ON \`documents\``);
    await runner.query(`DROP INDEX \`documents_owner\` ON \`documents\``);
    await runner.query(`DROP INDEX \`documents_extraction\` ON \`documents\``);
    await runner.query(`DROP INDEX \`IDX_3d122f6d936acfe13f931d058b\` ON \`documents\``);
    await runner.query(`DROP INDEX \`IDX_6da6eb5e8eee0cdaa053a32876\` ON \`documents\``);
    await runner.query(`DROP TABLE \`documents\``);
    await runner.query(`DROP INDEX \`topics_owner\` ON \`topics\``);
    await runner.query(`DROP INDEX \`IDX_645ec03b0df564bed249402a16\` ON \`topics\``);
    await runner.query(`DROP TABLE \`topics\``);
  }
}
