import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Mfa1795255624180 implements MigrationInterface {
  name = 'Mfa1795255624180';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`mfa_challenges\` (\`id\` varchar(36) NOT NULL, \`principal_id\` varchar(36) NOT NULL, \`kind\` varchar(32) NOT NULL, \`login\` varchar(254) NOT NULL, \`ip\` varchar(64) NOT NULL, \`user_agent\` varchar(512) NOT NULL, \`device_id\` varchar(43) NULL, \`tries\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`expires_at\` datetime(3) NOT NULL, \`used_at\` datetime(3) NULL, INDEX \`IDX_a1afea1e6aa07c7a3138c30cd0\` (\`principal_id\`), INDEX \`IDX_18f2c35ba2fd17905cf2c12822\` (\`expires_at\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`recovery_codes\` (\`id\` varchar(36) NOT NULL, \`principal_id\` varchar(36) NOT NULL, \`hash\` varchar(43) NOT NULL, \`used_at\` datetime(3) NULL, INDEX \`IDX_2979f623dfa9856228d76c9d76\` (\`principal_id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`totp_factors\` (\`principal_id\` varchar(36) NOT NULL, \`sealed_secret\` varchar(255) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`activated_at\` datetime(3) NULL, \`last_step\` int NOT NULL, \`failures\` int NOT NULL, \`last_failure_at\` datetime(3) NULL, PRIMARY KEY (\`principal_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`mfa_challenges\` ADD CONSTRAINT \`FK_a1afea1e6aa07c7a3138c30cd01\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`recovery_codes\` ADD CONSTRAINT \`FK_2979f623dfa9856228d76c9d768\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`totp_factors\` ADD CONSTRAINT \`FK_8025b990b8dd7542ef7193831fe\` FOREIGN KEY (\`principal_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`totp_factors\` DROP FOREIGN KEY \`FK_8025b990b8dd7542ef7193831fe\``);
    await runner.query(`ALTER TABLE \`recovery_codes\` DROP FOREIGN KEY \`FK_2979f623dfa9856228d76c9d768\``);
    await runner.query(`ALTER TABLE \`mfa_challenges\` DROP FOREIGN KEY \`FK_a1afea1e6aa07c7a3138c30cd01\``);
    await runner.query(`DROP TABLE \`totp_factors\``);
    await runner.query(`DROP INDEX \`IDX_2979f623dfa9856228d76c9d76\` ON \`recovery_codes\``);
    await runner.query(`DROP TABLE \`recovery_codes\``);
    await runner.query(`DROP INDEX \`IDX_18f2c35ba2fd17905cf2c12822\` ON \`mfa_challenges\``);
    await runner.query(`DROP INDEX \`IDX_a1afea1e6aa07c7a3138c30cd0\` ON \`mfa_challenges\``);
    await runner.query(`DROP TABLE \`mfa_challenges\``);
  }
}
