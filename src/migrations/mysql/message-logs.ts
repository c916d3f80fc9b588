import type { MigrationInterface, QueryRunner } from 'typeorm';

// By time of arrival, with which an id begins. More partitions are made as time goes by, out of the one that takes the rest.
const PARTITIONED = ' PARTITION BY RANGE COLUMNS (id) (PARTITION rest VALUES LESS THAN (MAXVALUE))';

export class MessageLogs1795246244099 implements MigrationInterface {
  name = 'MessageLogs1795246244099';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`message_logs\` (\`id\` varchar(36) NOT NULL, \`user_id\` varchar(36) NOT NULL, \`client_id\` varchar(128) NULL, \`conversation_id\` varchar(128) NULL, \`model\` varchar(128) NOT NULL, \`message_count\` int NOT NULL, \`prompt_tokens\` int NULL, \`completion_tokens\` int NULL, \`latency_ms\` int NULL, \`metadata\` text NULL, \`created_at\` datetime(3) NOT NULL, INDEX \`IDX_e66d267f19f6347e4c8d7ed298\` (\`user_id\`, \`conversation_id\`), INDEX \`IDX_67bc4d6035abaff1b8a48becb6\` (\`user_id\`, \`created_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin${PARTITIONED}`);
    await runner.query(`CREATE TABLE \`message_texts\` (\`id\` varchar(36) NOT NULL, \`sealed\` mediumblob NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin${PARTITIONED}`);
    await runner.query(`CREATE TABLE \`message_log_keys\` (\`user_id\` varchar(36) NOT NULL, \`client_id\` varchar(128) NOT NULL, \`log_id\` varchar(36) NOT NULL, INDEX \`IDX_00f4049a2de911b353cdb55365\` (\`log_id\`), PRIMARY KEY (\`user_id\`, \`client_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`data_keys\` (\`user_id\` varchar(36) NOT NULL, \`wrapped\` varchar(255) NOT NULL, \`created_at\` datetime(3) NOT NULL, PRIMARY KEY (\`user_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`data_keys\` ADD CONSTRAINT \`FK_5a762da3925d29e0ace802e340e\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`data_keys\` DROP FOREIGN KEY \`FK_5a762da3925d29e0ace802e340e\``);
    await runner.query(`DROP TABLE \`data_keys\``);
    await runner.query(`DROP INDEX \`IDX_00f4049a2de911b353cdb55365\` ON \`message_log_keys\``);
    await runner.query(`DROP TABLE \`message_log_keys\``);
    await runner.query(`DROP TABLE \`message_texts\``);
    await runner.query(`DROP INDEX \`IDX_67bc4d6035abaff1b8a48becb6\` ON \`message_logs\``);
    await runner.query(`DROP INDEX \`IDX_e66d267f19f6347e4c8d7ed298\` ON \`message_logs\``);
    await runner.query(`DROP TABLE \`message_logs\``);
  }
}
