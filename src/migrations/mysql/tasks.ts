import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tasks1795285912627 implements MigrationInterface {
  name = 'Tasks1795285912627';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`task_feeds\` (\`owner_id\` varchar(36) NOT NULL, \`secret_hash\` varchar(64) NOT NULL, \`created_at\` datetime(3) NOT NULL, UNIQUE INDEX \`task_feeds_secret\` (\`secret_hash\`), PRIMARY KEY (\`owner_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`task_boards\` (\`owner_id\` varchar(36) NOT NULL, \`revision\` int NOT NULL, PRIMARY KEY (\`owner_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`tasks\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`parent_id\` varchar(36) NULL, \`title\` varchar(500) NOT NULL, \`title_key\` varchar(500) NOT NULL, \`description\` text NULL, \`status\` varchar(32) NOT NULL, \`priority\` int NOT NULL, \`position\` double NOT NULL, \`due_day\` varchar(10) NULL, \`due_time\` varchar(12) NULL, \`time_zone\` varchar(64) NOT NULL, \`due_at\` datetime(3) NULL, \`late_at\` datetime(3) NOT NULL, \`recurrence\` varchar(500) NULL, \`recurrence_start\` varchar(23) NULL, \`previous_id\` varchar(36) NULL, \`completed_at\` datetime(3) NULL, \`trashed_at\` datetime(3) NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_b03c99063a4eaf084f069a4d5a\` (\`parent_id\`), INDEX \`tasks_trash\` (\`trashed_at\`), INDEX \`tasks_board\` (\`owner_id\`, \`status\`, \`position\`, \`id\`), UNIQUE INDEX \`tasks_successor\` (\`previous_id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`task_tags\` (\`task_id\` varchar(36) NOT NULL, \`tag_key\` varchar(100) NOT NULL, \`tag\` varchar(50) NOT NULL, PRIMARY KEY (\`task_id\`, \`tag_key\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`task_words\` (\`number\` int NOT NULL AUTO_INCREMENT, \`task_id\` varchar(36) NOT NULL, \`words\` mediumtext NOT NULL, UNIQUE INDEX \`task_words_task\` (\`task_id\`), PRIMARY KEY (\`number\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`task_views\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`name\` varchar(100) NOT NULL, \`name_key\` varchar(200) NOT NULL, \`query\` varchar(2000) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, UNIQUE INDEX \`task_views_name\` (\`owner_id\`, \`name_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`task_feeds\` ADD CONSTRAINT \`FK_04f2bf32a03d624c0ad4dbed68a\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`task_boards\` ADD CONSTRAINT \`FK_fccc5768b56925ae455aa300f07\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`tasks\` ADD CONSTRAINT \`FK_0631c1eb8316f8af361cf14eb85\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`tasks\` ADD CONSTRAINT \`FK_b03c99063a4eaf084f069a4d5a7\` FOREIGN KEY (\`parent_id\`) REFERENCES \`tasks\`(\`id\`) ON DELETE SET NULL ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`task_tags\` ADD CONSTRAINT \`FK_70515bc464901781ac60b82a1ea\` FOREIGN KEY (\`task_id\`) REFERENCES \`tasks\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`task_words\` ADD CONSTRAINT \`FK_239fae6195fcb60646d60883f8c\` FOREIGN KEY (\`task_id\`) REFERENCES \`tasks\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`task_views\` ADD CONSTRAINT \`FK_ee3928367d45f911e75fd196a89\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`task_views\` DROP FOREIGN KEY \`FK_ee3928367d45f911e75fd196a89\``);
    await runner.query(`ALTER TABLE \`task_words\` DROP FOREIGN KEY \`FK_239fae6195fcb60646d60883f8c\``);
    await runner.query(`ALTER TABLE \`task_tags\` DROP FOREIGN KEY \`FK_70515bc464901781ac60b82a1ea\``);
    await runner.query(`ALTER TABLE \`tasks\` DROP FOREIGN KEY \`FK_b03c99063a4eaf084f069a4d5a7\``);
    await runner.query(`ALTER TABLE \`tasks\` DROP FOREIGN KEY \`FK_0631c1eb8316f8af361cf14eb85\``);
    await runner.query(`ALTER TABLE \`task_boards\` DROP FOREIGN KEY \`FK_fccc5768b56925ae455aa300f07\``);
    await runner.query(`ALTER TABLE \`task_feeds\` DROP FOREIGN KEY \`FK_04f2bf32a03d624c0ad4dbed68a\``);
    await runner.query(`DROP INDEX \`task_views_name\` ON \`task_views\``);
    await runner.query(`DROP TABLE \`task_views\``);
    await runner.query(`DROP INDEX \`task_words_task\` ON \`task_words\``);
    await runner.query(`DROP TABLE \`task_words\``);
    await runner.query(`DROP TABLE \`task_tags\``);
    await runner.query(`DROP INDEX \`tasks_successor\` ON \`tasks\``);
    await runner.query(`DROP INDEX \`tasks_board\` ON \`tasks\``);
    await runner.query(`DROP INDEX \`tasks_trash\` ON \`tasks\``);
    await runner.query(`DROP INDEX \`IDX_b03c99063a4eaf084f069a4d5a\` ON \`tasks\``);
    await runner.query(`DROP TABLE \`tasks\``);
    await runner.query(`DROP TABLE \`task_boards\``);
    await runner.query(`DROP INDEX \`task_feeds_secret\` ON \`task_feeds\``);
    await runner.query(`DROP TABLE \`task_feeds\``);
  }
}
