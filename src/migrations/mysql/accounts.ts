import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1795244427163 implements MigrationInterface {
  name = 'Accounts1795244427163';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`admins\` (\`id\` varchar(36) NOT NULL, \`username\` varchar(64) NOT NULL, \`username_key\` varchar(64) NOT NULL, \`status\` varchar(32) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, UNIQUE INDEX \`IDX_595610478e413dc6efec6fe8c8\` (\`username_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`api_keys\` (\`id\` varchar(36) NOT NULL, \`kind\` varchar(32) NOT NULL, \`owner_id\` varchar(36) NULL, \`name\` varchar(120) NOT NULL, \`hash\` varchar(43) NOT NULL, \`previous_hash\` varchar(43) NULL, \`previous_until\` datetime(3) NULL, \`hint\` varchar(8) NOT NULL, \`scopes\` text NOT NULL, \`allowed_cidrs\` text NULL, \`requests_per_minute\` int NULL, \`expires_at\` datetime(3) NULL, \`last_used_at\` datetime(3) NULL, \`created_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_d93cc0e04cac89126b2155ba9b\` (\`owner_id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`credentials\` (\`principal_id\` varchar(36) NOT NULL, \`password_hash\` varchar(255) NOT NULL, \`changed_at\` datetime(3) NOT NULL, \`must_change\` tinyint NOT NULL, PRIMARY KEY (\`principal_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`auth_login_audit\` (\`id\` varchar(36) NOT NULL, \`at\` datetime(3) NOT NULL, \`kind\` varchar(32) NOT NULL, \`principal_id\` varchar(36) NULL, \`username\` varchar(254) NOT NULL, \`ip\` varchar(64) NOT NULL, \`user_agent\` varchar(512) NOT NULL, \`ok\` tinyint NOT NULL, \`reason\` varchar(32) NOT NULL, INDEX \`IDX_84f697d296725fbd262c702267\` (\`at\`), INDEX \`IDX_4075e13feb3992b7084dc0a92f\` (\`principal_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`sessions\` (\`id\` varchar(36) NOT NULL, \`principal_id\` varchar(36) NOT NULL, \`kind\` varchar(32) NOT NULL, \`generation\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`rotated_at\` datetime(3) NOT NULL, \`last_used_at\` datetime(3) NOT NULL, \`idle_until\` datetime(3) NOT NULL, \`expires_at\` datetime(3) NOT NULL, \`ended_at\` datetime(3) NULL, \`end_reason\` varchar(32) NULL, \`ip\` varchar(64) NOT NULL, \`user_agent\` varchar(512) NOT NULL, INDEX \`IDX_2984739142d141a780dad55d8f\` (\`principal_id\`, \`ended_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`admins\` ADD CONSTRAINT \`FK_e3b38270c97a854c48d2e80874e\` FOREIGN KEY (\`id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`api_keys\` ADD CONSTRAINT \`FK_d93cc0e04cac89126b2155ba9bc\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`credentials\` ADD CONSTRAINT \`FK_1b0b3a2e0ff3dd30d1982673a72\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`sessions\` ADD CONSTRAINT \`FK_c8a390713942d5ea3287cc008cc\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`sessions\` DROP FOREIGN KEY \`FK_c8a390713942d5ea3287cc008cc\``);
    await runner.query(`ALTER TABLE \`credentials\` DROP FOREIGN KEY \`FK_1b0b3a2e0ff3dd30d1982673a72\``);
    await runner.query(`ALTER TABLE \`api_keys\` DROP FOREIGN KEY \`FK_d93cc0e04cac89126b2155ba9bc\``);
    await runner.query(`ALTER TABLE \`admins\` DROP FOREIGN KEY \`FK_e3b38270c97a854c48d2e80874e\``);
    await runner.query(`DROP INDEX \`IDX_2984739142d141a780dad55d8f\` ON \`sessions\``);
    await runner.query(`DROP TABLE \`sessions\``);
    await runner.query(`DROP INDEX \`IDX_4075e13feb3992b7084dc0a92f\` ON \`auth_login_audit\``);
    await runner.query(`DROP INDEX \`IDX_84f697d296725fbd262c702267\` ON \`auth_login_audit\``);
    await runner.query(`DROP TABLE \`auth_login_audit\``);
    await runner.query(`DROP TABLE \`credentials\``);
    await runner.query(`DROP INDEX \`IDX_d93cc0e04cac89126b2155ba9b\` ON \`api_keys\``);
    await runner.query(`DROP TABLE \`api_keys\``);
    await runner.query(`DROP INDEX \`IDX_595610478e413dc6efec6fe8c8\` ON \`admins\``);
    await runner.query(`DROP TABLE \`admins\``);
  }
}
