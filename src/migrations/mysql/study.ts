import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Study1795285902652 implements MigrationInterface {
  name = 'Study1795285902652';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`study_days\` (\`owner_id\` varchar(36) NOT NULL, \`day\` varchar(10) NOT NULL, \`document_id\` varchar(36) NOT NULL, \`sessions\` bigint NOT NULL DEFAULT '0', \`reading_ms\` bigint NOT NULL DEFAULT '0', \`exercise_ms\` bigint NOT NULL DEFAULT '0', \`paged_ms\` bigint NOT NULL DEFAULT '0', \`pages\` bigint NOT NULL DEFAULT '0', \`worded_ms\` bigint NOT NULL DEFAULT '0', \`words\` bigint NOT NULL DEFAULT '0', \`exercises\` bigint NOT NULL DEFAULT '0', PRIMARY KEY (\`owner_id\`, \`day\`, \`document_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_sessions\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`open_for\` varchar(36) NULL, \`document_id\` varchar(36) NULL, \`kind\` varchar(32) NOT NULL, \`origin\` varchar(32) NOT NULL, \`status\` varchar(32) NOT NULL, \`time_zone\` varchar(64) NOT NULL, \`started_at\` datetime(3) NOT NULL, \`finished_at\` datetime(3) NULL, \`last_beat_at\` datetime(3) NOT NULL, \`idle_at\` datetime(3) NULL, \`active_ms\` bigint NOT NULL DEFAULT '0', \`first_page\` int NULL, \`last_page\` int NULL, \`pages\` int NULL, \`words\` int NULL, \`exercises\` int NULL, \`note\` varchar(2000) NULL, \`import_key\` varchar(100) NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`study_sessions_idle\` (\`status\`, \`idle_at\`), INDEX \`study_sessions_owner\` (\`owner_id\`, \`started_at\`, \`id\`), UNIQUE INDEX \`study_sessions_import\` (\`owner_id\`, \`import_key\`), UNIQUE INDEX \`study_sessions_open\` (\`open_for\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_estimates\` (\`session_id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`document_id\` varchar(36) NULL, \`unit\` varchar(32) NOT NULL, \`given_at\` datetime(3) NOT NULL, \`sessions\` int NOT NULL, \`mean\` double NOT NULL, \`variance\` double NOT NULL, \`within_sd\` double NOT NULL, \`remaining\` int NULL, \`units\` int NULL, \`active_ms\` bigint NULL, \`error\` double NULL, \`covered\` tinyint NULL, INDEX \`study_estimates_owner\` (\`owner_id\`, \`given_at\`), PRIMARY KEY (\`session_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_priors\` (\`unit\` varchar(32) NOT NULL, \`mean\` double NOT NULL, \`between_sd\` double NOT NULL, \`within_sd\` double NOT NULL, \`readers\` int NOT NULL, \`estimated_at\` datetime(3) NOT NULL, PRIMARY KEY (\`unit\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`topics\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`parent_id\` varchar(36) NULL, \`name\` varchar(120) NOT NULL, \`name_key\` varchar(240) NOT NULL, \`colour\` varchar(7) NULL, \`position\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_645ec03b0df564bed249402a16\` (\`parent_id\`), INDEX \`topics_owner\` (\`owner_id\`, \`position\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`documents\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`topic_id\` varchar(36) NULL, \`title\` varchar(300) NOT NULL, \`title_key\` varchar(600) NOT NULL, \`file_name\` varchar(200) NOT NULL, \`file_id\` varchar(36) NOT NULL, \`sha256\` varchar(64) NOT NULL, \`bytes\` bigint NOT NULL, \`pages\` int NOT NULL, \`words\` int NOT NULL, \`pages_with_text\` int NOT NULL, \`progress_page\` int NOT NULL, \`state\` varchar(32) NOT NULL, \`failure\` varchar(32) NULL, \`claimed_until\` datetime(3) NULL, \`attempts\` int NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_6da6eb5e8eee0cdaa053a32876\` (\`topic_id\`), UNIQUE INDEX \`IDX_3d122f6d936acfe13f931d058b\` (\`file_id\`), INDEX \`documents_extraction\` (\`state\`, \`claimed_until\`), INDEX \`documents_owner\` (\`owner_id\`, \`updated_at\`, \`id\`), UNIQUE INDEX \`documents_content\` (\`owner_id\`, \`sha256\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_exercises\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`document_id\` varchar(36) NOT NULL, \`first_page\` int NULL, \`last_page\` int NULL, \`question\` varchar(4000) NOT NULL, \`answer\` varchar(4000) NULL, \`state\` varchar(32) NOT NULL, \`due_at\` datetime(3) NOT NULL, \`stability\` double NOT NULL, \`difficulty\` double NOT NULL, \`scheduled_days\` int NOT NULL, \`learning_steps\` int NOT NULL, \`repetitions\` int NOT NULL, \`lapses\` int NOT NULL, \`reviewed_at\` datetime(3) NULL, \`reviews\` int NOT NULL, \`import_key\` varchar(100) NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`IDX_18a053c2f664e95e90a3029039\` (\`document_id\`), INDEX \`study_exercises_due\` (\`owner_id\`, \`due_at\`, \`id\`), INDEX \`study_exercises_owner\` (\`owner_id\`, \`created_at\`, \`id\`), UNIQUE INDEX \`study_exercises_import\` (\`owner_id\`, \`import_key\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_reviews\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`exercise_id\` varchar(36) NOT NULL, \`document_id\` varchar(36) NOT NULL, \`number\` int NOT NULL, \`grade\` int NOT NULL, \`reviewed_at\` datetime(3) NOT NULL, \`seconds\` int NULL, \`before\` text NOT NULL, \`state\` varchar(32) NOT NULL, \`due_at\` datetime(3) NOT NULL, \`stability\` double NOT NULL, \`difficulty\` double NOT NULL, \`undone_at\` datetime(3) NULL, INDEX \`study_reviews_owner\` (\`owner_id\`, \`reviewed_at\`, \`id\`), UNIQUE INDEX \`study_reviews_number\` (\`exercise_id\`, \`number\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_intervals\` (\`session_id\` varchar(36) NOT NULL, \`number\` int NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`started_at\` datetime(3) NOT NULL, \`ended_at\` datetime(3) NULL, \`ended_by\` varchar(32) NULL, INDEX \`study_intervals_owner\` (\`owner_id\`, \`started_at\`), PRIMARY KEY (\`session_id\`, \`number\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`study_profiles\` (\`owner_id\` varchar(36) NOT NULL, \`idle_minutes\` int NOT NULL, \`daily_goal_minutes\` int NULL, PRIMARY KEY (\`owner_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`document_pages\` (\`id\` int NOT NULL AUTO_INCREMENT, \`document_id\` varchar(36) NOT NULL, \`number\` int NOT NULL, \`words\` int NOT NULL, \`text\` mediumtext NOT NULL, \`search_text\` mediumtext NOT NULL, UNIQUE INDEX \`document_pages_number\` (\`document_id\`, \`number\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`loose_files\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`state\` varchar(32) NOT NULL, \`reserved_bytes\` bigint NOT NULL, \`since\` datetime(3) NOT NULL, INDEX \`IDX_154c5b782d634774667679f88f\` (\`owner_id\`), INDEX \`loose_files_age\` (\`state\`, \`since\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`storage_accounts\` (\`owner_id\` varchar(36) NOT NULL, \`bytes\` bigint NOT NULL, PRIMARY KEY (\`owner_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`study_days\` ADD CONSTRAINT \`FK_838d2c10e8d9271d84214da08ec\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_sessions\` ADD CONSTRAINT \`FK_cf64fcaf6fc1c8ccdfe18830111\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_estimates\` ADD CONSTRAINT \`FK_2943113b1979acecbddb11f1c30\` FOREIGN KEY (\`session_id\`) REFERENCES \`study_sessions\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_estimates\` ADD CONSTRAINT \`FK_d7de5a4ba524dc63acc6ef88a5f\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`topics\` ADD CONSTRAINT \`FK_fa11f07af223aaa992881ef7785\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`topics\` ADD CONSTRAINT \`FK_645ec03b0df564bed249402a16e\` FOREIGN KEY (\`parent_id\`) REFERENCES \`topics\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`documents\` ADD CONSTRAINT \`FK_888a4852e27627d1ebd8a094e98\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`documents\` ADD CONSTRAINT \`FK_6da6eb5e8eee0cdaa053a328761\` FOREIGN KEY (\`topic_id\`) REFERENCES \`topics\`(\`id\`) ON DELETE SET NULL ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_exercises\` ADD CONSTRAINT \`FK_699b3b5601df0dc8608af4c07d6\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_exercises\` ADD CONSTRAINT \`FK_18a053c2f664e95e90a30290395\` FOREIGN KEY (\`document_id\`) REFERENCES \`documents\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_reviews\` ADD CONSTRAINT \`FK_5a6a617b18db7514b051ab44d5b\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_intervals\` ADD CONSTRAINT \`FK_3bfa273f6a8dad5c434e1d0f75b\` FOREIGN KEY (\`session_id\`) REFERENCES \`study_sessions\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_intervals\` ADD CONSTRAINT \`FK_9f09fe71f1ecda097092d05dc5b\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`study_profiles\` ADD CONSTRAINT \`FK_18b3f6415097286fbe170a417ca\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`document_pages\` ADD CONSTRAINT \`FK_a417941c7fa102ca2b3ebd937c2\` FOREIGN KEY (\`document_id\`) REFERENCES \`documents\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`loose_files\` ADD CONSTRAINT \`FK_154c5b782d634774667679f88fb\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`storage_accounts\` ADD CONSTRAINT \`FK_9a35d4e32d1f94cdbc22680d1e7\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`storage_accounts\` DROP FOREIGN KEY \`FK_9a35d4e32d1f94cdbc22680d1e7\``);
    await runner.query(`ALTER TABLE \`loose_files\` DROP FOREIGN KEY \`FK_154c5b782d634774667679f88fb\``);
    await runner.query(`ALTER TABLE \`document_pages\` DROP FOREIGN KEY \`FK_a417941c7fa102ca2b3ebd937c2\``);
    await runner.query(`ALTER TABLE \`study_profiles\` DROP FOREIGN KEY \`FK_18b3f6415097286fbe170a417ca\``);
    await runner.query(`ALTER TABLE \`study_intervals\` DROP FOREIGN KEY \`FK_9f09fe71f1ecda097092d05dc5b\``);
    await runner.query(`ALTER TABLE \`study_intervals\` DROP FOREIGN KEY \`FK_3bfa273f6a8dad5c434e1d0f75b\``);
    await runner.query(`ALTER TABLE \`study_reviews\` DROP FOREIGN KEY \`FK_5a6a617b18db7514b051ab44d5b\``);
    await runner.query(`ALTER TABLE \`study_exercises\` DROP FOREIGN KEY \`FK_18a053c2f664e95e90a30290395\``);
    await runner.query(`ALTER TABLE \`study_exercises\` DROP FOREIGN KEY \`FK_699b3b5601df0dc8608af4c07d6\``);
    await runner.query(`ALTER TABLE \`documents\` DROP FOREIGN KEY \`FK_6da6eb5e8eee0cdaa053a328761\``);
    await runner.query(`ALTER TABLE \`documents\` DROP FOREIGN KEY \`FK_888a4852e27627d1ebd8a094e98\``);
    await runner.query(`ALTER TABLE \`topics\` DROP FOREIGN KEY \`FK_645ec03b0df564bed249402a16e\``);
    await runner.query(`ALTER TABLE \`topics\` DROP FOREIGN KEY \`FK_fa11f07af223aaa992881ef7785\``);
    await runner.query(`ALTER TABLE \`study_estimates\` DROP FOREIGN KEY \`FK_d7de5a4ba524dc63acc6ef88a5f\``);
    await runner.query(`ALTER TABLE \`study_estimates\` DROP FOREIGN KEY \`FK_2943113b1979acecbddb11f1c30\``);
    await runner.query(`ALTER TABLE \`study_sessions\` DROP FOREIGN KEY \`FK_cf64fcaf6fc1c8ccdfe18830111\``);
    await runner.query(`ALTER TABLE \`study_days\` DROP FOREIGN KEY \`FK_838d2c10e8d9271d84214da08ec\``);
    await runner.query(`DROP TABLE \`storage_accounts\``);
    await runner.query(`DROP INDEX \`loose_files_age\` ON \`loose_files\``);
    await runner.query(`DROP INDEX \`IDX_154c5b782d634774667679f88f\` ON \`loose_files\``);
    await runner.query(`DROP TABLE \`loose_files\``);
    await runner.query(`DROP INDEX \`document_pages_number\` ON \`document_pages\``);
    await runner.query(`DROP TABLE \`document_pages\``);
    await runner.query(`DROP TABLE \`study_profiles\``);
    await runner.query(`DROP INDEX \`study_intervals_owner\` ON \`study_intervals\``);
    await runner.query(`DROP TABLE \`study_intervals\``);
    await runner.query(`DROP INDEX \`study_reviews_number\` ON \`study_reviews\``);
    await runner.query(`DROP INDEX \`study_reviews_owner\` ON \`study_reviews\``);
    await runner.query(`DROP TABLE \`study_reviews\``);
    await runner.query(`DROP INDEX \`study_exercises_import\` ON \`study_exercises\``);
    await runner.query(`DROP INDEX \`study_exercises_owner\` ON \`study_exercises\``);
    await runner.query(`DROP INDEX \`study_exercises_due\` ON \`study_exercises\``);
    await runner.query(`DROP INDEX \`IDX_18a053c2f664e95e90a3029039\` ON \`study_exercises\``);
    await runner.query(`DROP TABLE \`study_exercises\``);
    await runner.query(`DROP INDEX \`documents_content\` ON \`documents\``);
    await runner.query(`DROP INDEX \`documents_owner\` ON \`documents\``);
    await runner.query(`DROP INDEX \`documents_extraction\` ON \`documents\``);
    await runner.query(`DROP INDEX \`IDX_3d122f6d936acfe13f931d058b\` ON \`documents\``);
    await runner.query(`DROP INDEX \`IDX_6da6eb5e8eee0cdaa053a32876\` ON \`documents\``);
    await runner.query(`DROP TABLE \`documents\``);
    await runner.query(`DROP INDEX \`topics_owner\` ON \`topics\``);
    await runner.query(`DROP INDEX \`IDX_645ec03b0df564bed249402a16\` ON \`topics\``);
    await runner.query(`DROP TABLE \`topics\``);
    await runner.query(`DROP TABLE \`study_priors\``);
    await runner.query(`DROP INDEX \`study_estimates_owner\` ON \`study_estimates\``);
    await runner.query(`DROP TABLE \`study_estimates\``);
    await runner.query(`DROP INDEX \`study_sessions_open\` ON \`study_sessions\``);
    await runner.query(`DROP INDEX \`study_sessions_import\` ON \`study_sessions\``);
    await runner.query(`DROP INDEX \`study_sessions_owner\` ON \`study_sessions\``);
    await runner.query(`DROP INDEX \`study_sessions_idle\` ON \`study_sessions\``);
    await runner.query(`DROP TABLE \`study_sessions\``);
    await runner.query(`DROP TABLE \`study_days\``);
  }
}
