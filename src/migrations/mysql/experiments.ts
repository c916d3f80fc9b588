import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Experiments1795279086297 implements MigrationInterface {
  name = 'Experiments1795279086297';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE \`experiments\` (\`id\` varchar(36) NOT NULL, \`owner_id\` varchar(36) NOT NULL, \`title\` varchar(200) NOT NULL, \`title_key\` varchar(400) NOT NULL, \`objective\` varchar(4000) NULL, \`type\` varchar(32) NOT NULL, \`status\` varchar(32) NOT NULL, \`metadata\` text NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, INDEX \`experiments_owner\` (\`owner_id\`, \`updated_at\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_computations\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`kind\` varchar(32) NOT NULL, \`state\` varchar(32) NOT NULL, \`progress\` double NOT NULL, \`best\` double NULL, \`request\` text NOT NULL, \`result\` text NULL, \`problem\` text NULL, \`experiment_version\` int NOT NULL, \`created_by\` varchar(36) NOT NULL, \`place\` int NULL, \`heartbeat_at\` datetime(3) NOT NULL, \`started_at\` datetime(3) NULL, \`finished_at\` datetime(3) NULL, UNIQUE INDEX \`experiment_computations_place\` (\`created_by\`, \`place\`), UNIQUE INDEX \`IDX_25af90a46971a7d6a8f1ec7147\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_designs\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`kind\` varchar(32) NOT NULL, \`options\` text NOT NULL, \`seed\` bigint NOT NULL, \`factors\` text NOT NULL, \`runs\` int NOT NULL, \`structure\` text NOT NULL, \`created_by\` varchar(36) NOT NULL, UNIQUE INDEX \`IDX_d7647717242c3a721e423c3b9a\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_responses\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`name\` varchar(64) NOT NULL, \`unit\` varchar(32) NULL, \`goal\` varchar(32) NOT NULL, \`low\` double NULL, \`high\` double NULL, \`target\` double NULL, \`importance\` int NOT NULL, \`smallest_effect\` double NULL, \`position\` int NOT NULL, \`metadata\` text NOT NULL, UNIQUE INDEX \`experiment_responses_name\` (\`experiment_id\`, \`name\`), UNIQUE INDEX \`IDX_5998c210aa15356e40d97558c6\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_literature\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`response_id\` varchar(36) NOT NULL, \`source\` varchar(500) NOT NULL, \`doi\` varchar(255) NULL, \`settings\` text NOT NULL, \`value\` double NOT NULL, \`weight\` double NOT NULL, \`metadata\` text NOT NULL, UNIQUE INDEX \`IDX_9eb02f44c9d64f40a13842e0f0\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_models\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`response_id\` varchar(36) NOT NULL, \`label\` varchar(120) NULL, \`spec\` text NOT NULL, \`parameter_ids\` text NOT NULL, \`data_hash\` varchar(64) NOT NULL, \`headline\` text NOT NULL, \`experiment_version\` int NOT NULL, \`contents\` mediumblob NOT NULL, \`created_by\` varchar(36) NOT NULL, UNIQUE INDEX \`IDX_773a06d1246e872c04aad4fcf0\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_parameters\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`name\` varchar(64) NOT NULL, \`kind\` varchar(32) NOT NULL, \`unit\` varchar(32) NULL, \`low\` double NULL, \`high\` double NULL, \`centre\` double NULL, \`levels\` text NULL, \`position\` int NOT NULL, \`metadata\` text NOT NULL, UNIQUE INDEX \`experiment_parameters_name\` (\`experiment_id\`, \`name\`), UNIQUE INDEX \`IDX_ba7c07ce49688a14ee5baba273\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_runs\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`number\` int NOT NULL, \`standard_order\` int NULL, \`block\` int NULL, \`point_type\` varchar(32) NULL, \`design_id\` varchar(36) NULL, \`status\` varchar(32) NOT NULL, \`note\` varchar(500) NULL, \`metadata\` text NOT NULL, INDEX \`IDX_0a289fc401b282784ef451168a\` (\`design_id\`), UNIQUE INDEX \`experiment_runs_number\` (\`experiment_id\`, \`number\`), UNIQUE INDEX \`IDX_b3d48e6bf06289f9542e5a7861\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_run_settings\` (\`run_id\` varchar(36) NOT NULL, \`parameter_id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`planned_number\` double NULL, \`planned_level\` varchar(64) NULL, \`actual_number\` double NULL, \`actual_level\` varchar(64) NULL, PRIMARY KEY (\`run_id\`, \`parameter_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_results\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`created_at\` datetime(3) NOT NULL, \`updated_at\` datetime(3) NOT NULL, \`version\` int NOT NULL, \`run_id\` varchar(36) NULL, \`response_id\` varchar(36) NOT NULL, \`value\` double NOT NULL, \`repeat\` int NOT NULL, \`settings\` text NULL, \`corrects_id\` varchar(36) NULL, \`reason\` varchar(500) NULL, \`created_by\` varchar(36) NOT NULL, \`metadata\` text NOT NULL, INDEX \`experiment_results_run\` (\`experiment_id\`, \`run_id\`, \`response_id\`), UNIQUE INDEX \`experiment_results_correction\` (\`corrects_id\`), UNIQUE INDEX \`IDX_1b9bb4b6cd476253d1a14089c4\` (\`experiment_id\`, \`id\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_shares\` (\`experiment_id\` varchar(36) NOT NULL, \`user_id\` varchar(36) NOT NULL, \`role\` varchar(32) NOT NULL, \`created_at\` datetime(3) NOT NULL, PRIMARY KEY (\`experiment_id\`, \`user_id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`CREATE TABLE \`experiment_versions\` (\`id\` varchar(36) NOT NULL, \`experiment_id\` varchar(36) NOT NULL, \`number\` int NOT NULL, \`at\` datetime(3) NOT NULL, \`author_id\` varchar(36) NOT NULL, \`action\` varchar(64) NOT NULL, \`rows\` int NOT NULL, \`changes\` mediumblob NOT NULL, UNIQUE INDEX \`experiment_versions_number\` (\`experiment_id\`, \`number\`), PRIMARY KEY (\`id\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    await runner.query(`ALTER TABLE \`experiments\` ADD CONSTRAINT \`FK_c758d7fd8322755fbce066c3927\` FOREIGN KEY (\`owner_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_computations\` ADD CONSTRAINT \`FK_3378f2b94fce725a19e3f97bbdd\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_designs\` ADD CONSTRAINT \`FK_804a0dfcc484b21d49043f58a00\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_responses\` ADD CONSTRAINT \`FK_d1a1307d5460af59f366ee738df\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_literature\` ADD CONSTRAINT \`FK_155563026c5713bdd59a65c8aa1\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_literature\` ADD CONSTRAINT \`FK_963d25f49527594263eb1b0b585\` FOREIGN KEY (\`experiment_id\`, \`response_id\`) REFERENCES \`experiment_responses\`(\`experiment_id\`,\`id\`) ON DELETE RESTRICT ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_models\` ADD CONSTRAINT \`FK_43f1c9c79039b6840914112fc6f\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_models\` ADD CONSTRAINT \`FK_4e0398d2f1da09e66f260caf6f1\` FOREIGN KEY (\`experiment_id\`, \`response_id\`) REFERENCES \`experiment_responses\`(\`experiment_id\`,\`id\`) ON DELETE RESTRICT ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_parameters\` ADD CONSTRAINT \`FK_02cd9362225da1e5256b4d5682b\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_runs\` ADD CONSTRAINT \`FK_177364d9f802966af1121d23b09\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_run_settings\` ADD CONSTRAINT \`FK_5490ffd0e56a4ad035d8801fbd0\` FOREIGN KEY (\`experiment_id\`, \`parameter_id\`) REFERENCES \`experiment_parameters\`(\`experiment_id\`,\`id\`) ON DELETE RESTRICT ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_run_settings\` ADD CONSTRAINT \`FK_325dddc0ffc215d049e42db6fb1\` FOREIGN KEY (\`experiment_id\`, \`run_id\`) REFERENCES \`experiment_runs\`(\`experiment_id\`,\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_run_settings\` ADD CONSTRAINT \`FK_9c6244cf8aa0c4fb46bc0e1a072\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_results\` ADD CONSTRAINT \`FK_a97f5d3fd441e38cfeeb0f39472\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_results\` ADD CONSTRAINT \`FK_dc27075fb42bee841088f50616d\` FOREIGN KEY (\`experiment_id\`, \`corrects_id\`) REFERENCES \`experiment_results\`(\`experiment_id\`,\`id\`) ON DELETE RESTRICT ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_results\` ADD CONSTRAINT \`FK_b35d98fb6f2085282bc459f4690\` FOREIGN KEY (\`experiment_id\`, \`response_id\`) REFERENCES \`experiment_responses\`(\`experiment_id\`,\`id\`) ON DELETE RESTRICT ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_results\` ADD CONSTRAINT \`FK_81a00ab174e6f38535002b52d17\` FOREIGN KEY (\`experiment_id\`, \`run_id\`) REFERENCES \`experiment_runs\`(\`experiment_id\`,\`id\`) ON DELETE RESTRICT ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_shares\` ADD CONSTRAINT \`FK_1ecaa9422bf699bf62162cab256\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_shares\` ADD CONSTRAINT \`FK_222177cac0dbfabf96b1cf4f359\` FOREIGN KEY (\`user_id\`) REFERENCES \`principals\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
    await runner.query(`ALTER TABLE \`experiment_versions\` ADD CONSTRAINT \`FK_3e937a0eb40e85dd70f1f4665bc\` FOREIGN KEY (\`experiment_id\`) REFERENCES \`experiments\`(\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE \`experiment_versions\` DROP FOREIGN KEY \`FK_3e937a0eb40e85dd70f1f4665bc\``);
    await runner.query(`ALTER TABLE \`experiment_shares\` DROP FOREIGN KEY \`FK_222177cac0dbfabf96b1cf4f359\``);
    await runner.query(`ALTER TABLE \`experiment_shares\` DROP FOREIGN KEY \`FK_1ecaa9422bf699bf62162cab256\``);
    await runner.query(`ALTER TABLE \`experiment_results\` DROP FOREIGN KEY \`FK_81a00ab174e6f38535002b52d17\``);
    await runner.query(`ALTER TABLE \`experiment_results\` DROP FOREIGN KEY \`FK_b35d98fb6f2085282bc459f4690\``);
    await runner.query(`ALTER TABLE \`experiment_results\` DROP FOREIGN KEY \`FK_dc27075fb42bee841088f50616d\``);
    await runner.query(`ALTER TABLE \`experiment_results\` DROP FOREIGN KEY \`FK_a97f5d3fd441e38cfeeb0f39472\``);
    await runner.query(`ALTER TABLE \`experiment_run_settings\` DROP FOREIGN KEY \`FK_9c6244cf8aa0c4fb46bc0e1a072\``);
    await runner.query(`ALTER TABLE \`experiment_run_settings\` DROP FOREIGN KEY \`FK_325dddc0ffc215d049e42db6fb1\``);
    await runner.query(`ALTER TABLE \`experiment_run_settings\` DROP FOREIGN KEY \`FK_5490ffd0e56a4ad035d8801fbd0\``);
    await runner.query(`ALTER TABLE \`experiment_runs\` DROP FOREIGN KEY \`FK_177364d9f802966af1121d23b09\``);
    await runner.query(`ALTER TABLE \`experiment_parameters\` DROP FOREIGN KEY \`FK_02cd9362225da1e5256b4d5682b\``);
    await runner.query(`ALTER TABLE \`experiment_models\` DROP FOREIGN KEY \`FK_4e0398d2f1da09e66f260caf6f1\``);
    await runner.query(`ALTER TABLE \`experiment_models\` DROP FOREIGN KEY \`FK_43f1c9c79039b6840914112fc6f\``);
    await runner.query(`ALTER TABLE \`experiment_literature\` DROP FOREIGN KEY \`FK_963d25f49527594263eb1b0b585\``);
    await runner.query(`ALTER TABLE \`experiment_literature\` DROP FOREIGN KEY \`FK_155563026c5713bdd59a65c8aa1\``);
    await runner.query(`ALTER TABLE \`experiment_responses\` DROP FOREIGN KEY \`FK_d1a1307d5460af59f366ee738df\``);
    await runner.query(`ALTER TABLE \`experiment_designs\` DROP FOREIGN KEY \`FK_804a0dfcc484b21d49043f58a00\``);
    await runner.query(`ALTER TABLE \`experiment_computations\` DROP FOREIGN KEY \`FK_3378f2b94fce725a19e3f97bbdd\``);
    await runner.query(`ALTER TABLE \`experiments\` DROP FOREIGN KEY \`FK_c758d7fd8322755fbce066c3927\``);
    await runner.query(`DROP INDEX \`experiment_versions_number\` ON \`experiment_versions\``);
    await runner.query(`DROP TABLE \`experiment_versions\``);
    await runner.query(`DROP TABLE \`experiment_shares\``);
    await runner.query(`DROP INDEX \`IDX_1b9bb4b6cd476253d1a14089c4\` ON \`experiment_results\``);
    await runner.query(`DROP INDEX \`experiment_results_correction\` ON \`experiment_results\``);
    await runner.query(`DROP INDEX \`experiment_results_run\` ON \`experiment_results\``);
    await runner.query(`DROP TABLE \`experiment_results\``);
    await runner.query(`DROP TABLE \`experiment_run_settings\``);
    await runner.query(`DROP INDEX \`IDX_b3d48e6bf06289f9542e5a7861\` ON \`experiment_runs\``);
    await runner.query(`DROP INDEX \`experiment_runs_number\` ON \`experiment_runs\``);
    await runner.query(`DROP INDEX \`IDX_0a289fc401b282784ef451168a\` ON \`experiment_runs\``);
    await runner.query(`DROP TABLE \`experiment_runs\``);
    await runner.query(`DROP INDEX \`IDX_ba7c07ce49688a14ee5baba273\` ON \`experiment_parameters\``);
    await runner.query(`DROP INDEX \`experiment_parameters_name\` ON \`experiment_parameters\``);
    await runner.query(`DROP TABLE \`experiment_parameters\``);
    await runner.query(`DROP INDEX \`IDX_773a06d1246e872c04aad4fcf0\` ON \`experiment_models\``);
    await runner.query(`DROP TABLE \`experiment_models\``);
    await runner.query(`DROP INDEX \`IDX_9eb02f44c9d64f40a13842e0f0\` ON \`experiment_literature\``);
    await runner.query(`DROP TABLE \`experiment_literature\``);
    await runner.query(`DROP INDEX \`IDX_5998c210aa15356e40d97558c6\` ON \`experiment_responses\``);
    await runner.query(`DROP INDEX \`experiment_responses_name\` ON \`experiment_responses\``);
    await runner.query(`DROP TABLE \`experiment_responses\``);
    await runner.query(`DROP INDEX \`IDX_d7647717242c3a721e423c3b9a\` ON \`experiment_designs\``);
    await runner.query(`DROP TABLE \`experiment_designs\``);
    await runner.query(`DROP INDEX \`IDX_25af90a46971a7d6a8f1ec7147\` ON \`experiment_computations\``);
    await runner.query(`DROP INDEX \`experiment_computations_place\` ON \`experiment_computations\``);
    await runner.query(`DROP TABLE \`experiment_computations\``);
    await runner.query(`DROP INDEX \`experiments_owner\` ON \`experiments\``);
    await runner.query(`DROP TABLE \`experiments\``);
  }
}
