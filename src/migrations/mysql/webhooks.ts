import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Its instant lies behind that of the last migration, not of the day it was written. */
export class Webhooks1795310000000 implements MigrationInterface {
  name = 'Webhooks1795310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`webhook_events\` (\`id\` varchar(36) NOT NULL, \`type\` varchar(64) NOT NULL, \`user_id\` varchar(36) NULL, \`at\` datetime(3) NOT NULL, \`body\` mediumtext NOT NULL, \`once_key\` varchar(120) NULL, INDEX \`IDX_1a31c593da859c2794d9653a4e\` (\`user_id\`), UNIQUE INDEX \`IDX_0450ea04723665830ecef1b487\` (\`once_key\`), INDEX \`IDX_9ff42e743d82e5904925bc5953\` (\`at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`webhook_deliveries\` (\`id\` varchar(36) NOT NULL, \`endpoint_id\` varchar(36) NOT NULL, \`event_id\` varchar(36) NOT NULL, \`type\` varchar(64) NOT NULL, \`status\` varchar(32) NOT NULL, \`attempts\` int NOT NULL, \`failures\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`due_at\` datetime(3) NOT NULL, \`finished_at\` datetime(3) NULL, \`history\` text NOT NULL, INDEX \`IDX_27d1ee90033bdafe0ffe8f1be6\` (\`event_id\`), INDEX \`IDX_400a43a8db7e79179893d48f44\` (\`endpoint_id\`, \`status\`, \`id\`), INDEX \`IDX_bf4c2408a9971469612351d92a\` (\`endpoint_id\`, \`id\`), INDEX \`IDX_6c5d294596d01a5f8e0e433aa4\` (\`endpoint_id\`, \`status\`, \`due_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`webhook_endpoints\` (\`id\` varchar(36) NOT NULL, \`url\` varchar(2000) NOT NULL, \`description\` varchar(500) NULL, \`event_types\` text NULL, \`enabled\` tinyint NOT NULL, \`disabled_for\` varchar(32) NULL, \`disabled_at\` datetime(3) NULL, \`failing_since\` datetime(3) NULL, \`sealed_secret\` varchar(255) NOT NULL, \`former_secret\` varchar(255) NULL, \`former_until\` datetime(3) NULL, \`created_at\` datetime(3) NOT NULL, \`created_by\` varchar(36) NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`webhook_deliveries\` ADD CONSTRAINT \`FK_27d1ee90033bdafe0ffe8f1be6f\` FOREIGN KEY (\`event_id\`) REFERENCES \`webhook_events\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE `webhook_endpoints`');
    await runner.query('DROP TABLE `webhook_deliveries`');
    await runner.query('DROP TABLE `webhook_events`');
  }
}
