import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ChangesAndMail1795253125770 implements MigrationInterface {
  name = 'ChangesAndMail1795253125770';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`changes\` (\`id\` varchar(36) NOT NULL, \`at\` datetime(3) NOT NULL, \`topic\` varchar(32) NOT NULL, \`subject\` varchar(64) NOT NULL, INDEX \`IDX_d4b00861e7fdbd0cbfe86b6e50\` (\`at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`outgoing_mails\` (\`id\` varchar(36) NOT NULL, \`principal_id\` varchar(36) NULL, \`sealed\` text NULL, \`status\` varchar(32) NOT NULL, \`attempts\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`due_at\` datetime(3) NOT NULL, \`finished_at\` datetime(3) NULL, \`last_error\` varchar(500) NULL, INDEX \`IDX_ef0ad32cc427ce07f0bd44563e\` (\`status\`, \`due_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`IDX_ef0ad32cc427ce07f0bd44563e\` ON \`outgoing_mails\``);
    await runner.query(`DROP TABLE \`outgoing_mails\``);
    await runner.query(`DROP INDEX \`IDX_d4b00861e7fdbd0cbfe86b6e50\` ON \`changes\``);
    await runner.query(`DROP TABLE \`changes\``);
  }
}
