import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Usage1795246186185 implements MigrationInterface {
  name = 'Usage1795246186185';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`idempotency_keys\` (\`caller_id\` varchar(36) NOT NULL, \`idempotency_key\` varchar(255) NOT NULL, \`route\` varchar(128) NOT NULL, \`body_hash\` varchar(43) NOT NULL, \`answer\` text NOT NULL, \`created_at\` datetime(3) NOT NULL, INDEX \`IDX_5e72f040fdc5efc8eef52a388c\` (\`created_at\`), PRIMARY KEY (\`caller_id\`, \`idempotency_key\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`credit_ledger\` (\`id\` varchar(36) NOT NULL, \`user_id\` varchar(36) NOT NULL, \`kind\` varchar(32) NOT NULL, \`amount\` bigint NOT NULL, \`balance_after\` bigint NOT NULL, \`actor_kind\` varchar(32) NOT NULL, \`actor_id\` varchar(36) NULL, \`reason\` varchar(500) NULL, \`reference\` varchar(64) NULL, \`at\` datetime(3) NOT NULL, INDEX \`IDX_c4668f9ed024c79ad225459f5b\` (\`user_id\`, \`at\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`plans\` (\`id\` varchar(36) NOT NULL, \`name\` varchar(64) NOT NULL, \`conversations_per_day\` int NULL, \`credits_per_month\` bigint NOT NULL, \`requests_per_minute\` int NULL, \`features\` text NOT NULL, \`is_default\` tinyint NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, UNIQUE INDEX \`plans_name\` (\`name\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`usage_reservations\` (\`id\` varchar(36) NOT NULL, \`user_id\` varchar(36) NOT NULL, \`status\` varchar(32) NOT NULL, \`conversations\` int NOT NULL, \`credits\` bigint NOT NULL, \`plan_credits\` bigint NOT NULL, \`day\` varchar(10) NOT NULL, \`month\` varchar(7) NOT NULL, \`settled_credits\` bigint NULL, \`expires_at\` datetime(3) NOT NULL, \`created_at\` datetime(3) NOT NULL, INDEX \`IDX_1d13756d40dfc0f90ece902785\` (\`status\`, \`expires_at\`), INDEX \`IDX_4ebc87258536eeaaffbfb3e142\` (\`user_id\`, \`status\`, \`expires_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`usage_accounts\` (\`user_id\` varchar(36) NOT NULL, \`plan_id\` varchar(36) NULL, \`day\` varchar(10) NOT NULL, \`used\` int NOT NULL, \`spent\` bigint NOT NULL, \`balance\` bigint NOT NULL, \`plan_balance\` bigint NOT NULL, \`month\` varchar(7) NOT NULL, \`override_conversations\` int NULL, \`override_until\` datetime(3) NULL, INDEX \`IDX_a840a1a1a0b62d25c5ed57fe43\` (\`plan_id\`), INDEX \`IDX_0192d2a2598ff3ec6ea1770dfb\` (\`month\`), INDEX \`IDX_fa96a5fea28b7ccfec39589eb8\` (\`override_until\`), PRIMARY KEY (\`user_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`usage_days\` (\`user_id\` varchar(36) NOT NULL, \`day\` varchar(10) NOT NULL, \`conversations\` int NOT NULL, \`credits\` bigint NOT NULL, PRIMARY KEY (\`user_id\`, \`day\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`usage_overrides\` (\`id\` varchar(36) NOT NULL, \`user_id\` varchar(36) NOT NULL, \`conversations_per_day\` int NOT NULL, \`until\` datetime(3) NOT NULL, \`reason\` varchar(500) NOT NULL, \`granted_by\` varchar(36) NULL, \`created_at\` datetime(3) NOT NULL, INDEX \`IDX_9e59282cf3441e03ca0dcfba6f\` (\`user_id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`credit_ledger\` ADD CONSTRAINT \`FK_b3c288c46f5de08a59632916e8c\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`usage_reservations\` ADD CONSTRAINT \`FK_c9b293bdb3ac538b1ecc909c6db\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`usage_accounts\` ADD CONSTRAINT \`FK_3c95e63ed3ec625aa1fc40889a8\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`usage_accounts\` ADD CONSTRAINT \`FK_a840a1a1a0b62d25c5ed57fe437\` FOREIGN KEY (\`plan_id\`) REFERENCES \`plans\`(\`id\`) ON DELETE SET NULL ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`usage_days\` ADD CONSTRAINT \`FK_6cfd7b9495fda270395f82b8a40\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`usage_overrides\` ADD CONSTRAINT \`FK_9e59282cf3441e03ca0dcfba6f7\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`usage_overrides\` DROP FOREIGN KEY \`FK_9e59282cf3441e03ca0dcfba6f7\``);
    await runner.query(`ALTER TABLE \`usage_days\` DROP FOREIGN KEY \`FK_6cfd7b9495fda270395f82b8a40\``);
    await runner.query(`ALTER TABLE \`usage_accounts\` DROP FOREIGN KEY \`FK_a840a1a1a0b62d25c5ed57fe437\``);
    await runner.query(`ALTER TABLE \`usage_accounts\` DROP FOREIGN KEY \`FK_3c95e63ed3ec625aa1fc40889a8\``);
    await runner.query(`ALTER TABLE \`usage_reservations\` DROP FOREIGN KEY \`FK_c9b293bdb3ac538b1ecc909c6db\``);
    await runner.query(`ALTER TABLE \`credit_ledger\` DROP FOREIGN KEY \`FK_b3c288c46f5de08a59632916e8c\``);
    await runner.query(`DROP INDEX \`IDX_9e59282cf3441e03ca0dcfba6f\` ON \`usage_overrides\``);
    await runner.query(`DROP TABLE \`usage_overrides\``);
    await runner.query(`DROP TABLE \`usage_days\``);
    await runner.query(`DROP INDEX \`IDX_fa96a5fea28b7ccfec39589eb8\` ON \`usage_accounts\``);
    await runner.query(`DROP INDEX \`IDX_0192d2a2598ff3ec6ea1770dfb\` ON \`usage_accounts\``);
    await runner.query(`DROP INDEX \`IDX_a840a1a1a0b62d25c5ed57fe43\` ON \`usage_accounts\``);
    await runner.query(`DROP TABLE \`usage_accounts\``);
    await runner.query(`DROP INDEX \`IDX_4ebc87258536eeaaffbfb3e142\` ON \`usage_reservations\``);
    await runner.query(`DROP INDEX \`IDX_1d13756d40dfc0f90ece902785\` ON \`usage_reservations\``);
    await runner.query(`DROP TABLE \`usage_reservations\``);
    await runner.query(`DROP INDEX \`plans_name\` ON \`plans\``);
    await runner.query(`DROP TABLE \`plans\``);
    await runner.query(`DROP INDEX \`IDX_c4668f9ed024c79ad225459f5b\` ON \`credit_ledger\``);
    await runner.query(`DROP TABLE \`credit_ledger\``);
    await runner.query(`DROP INDEX \`IDX_5e72f040fdc5efc8eef52a388c\` ON \`idempotency_keys\``);
    await runner.query(`DROP TABLE \`idempotency_keys\``);
  }
}
