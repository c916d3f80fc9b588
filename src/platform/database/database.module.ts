import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Pool } from 'mysql2';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Settings } from '../config/settings.js';
import { dataSourceOptions } from './data-source-options.js';
import { type EmbeddedConnection, EmbeddedSql } from './embedded-sql.js';
import { MysqlSql } from './mysql-sql.js';
import { openDataSource } from './open-data-source.js';
import type { ProvostDataSource } from './provost-data-source.js';
import { Sql } from './sql.js';

type Classes = Function[]; // eslint-disable-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type

export interface Schema {
  entities: Classes;
  migrations: { mysql: Classes; embedded: Classes };
}

@Global()
@Module({})
export class DatabaseModule {
  static with(settings: Settings, schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...optionsOf(settings, schema), retryAttempts: 0 }),
          dataSourceFactory: () => openDataSource(optionsOf(settings, schema), settings),
        }),
      ],
      providers: [{ provide: Sql, inject: [DataSource, Settings], useFactory: sqlOf }],
      exports: [Sql],
    };
  }
}

export function optionsOf(settings: Settings, schema: Schema): DataSourceOptions {
  const migrations = settings.databaseUrl ? schema.migrations.mysql : schema.migrations.embedded;
  return dataSourceOptions(settings, schema.entities, migrations);
}

export function sqlOf(dataSource: ProvostDataSource, settings: Settings): Sql {
  const driver = dataSource.driver as unknown as { pool: Pool; databaseConnection: EmbeddedConnection };
  return settings.databaseUrl
    ? new MysqlSql(() => driver.pool, settings.databaseTimeoutMs)
    : new EmbeddedSql(() => driver.databaseConnection, dataSource.turnstile);
}
