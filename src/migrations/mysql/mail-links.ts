import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MailLinks1795253993410 implements MigrationInterface {
  name = 'MailLinks1795253993410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`mail_links\` (\`id\` varchar(36) NOT NULL, \`principal_id\` varchar(36) NOT NULL, \`purpose\` varchar(32) NOT NULL, \`token_hash\` varchar(43) NOT NULL, \`address\` varchar(254) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`expires_at\` datetime(3) NOT NULL, \`used_at\` datetime(3) NULL, UNIQUE INDEX \`mail_links_token\` (\`token_hash\`), INDEX \`IDX_f9df03a34fba9262a9ae2772e7\` (\`expires_at\`), INDEX \`IDX_16d06c5a0c497421ba61f12d84\` (\`principal_id\`, \`purpose\`, \`created_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`mail_links\` ADD CONSTRAINT \`FK_e476c00a8ad797f9fa843ddfb7f\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`mail_links\` DROP FOREIGN KEY \`FK_e476c00a8ad797f9fa843ddfb7f\``);
    await runner.query(`DROP INDEX \`IDX_16d06c5a0c497421ba61f12d84\` ON \`mail_links\``);
    await runner.query(`DROP INDEX \`IDX_f9df03a34fba9262a9ae2772e7\` ON \`mail_links\``);
    await runner.query(`DROP INDEX \`mail_links_token\` ON \`mail_links\``);
    await runner.query(`DROP TABLE \`mail_links\``);
  }
}
