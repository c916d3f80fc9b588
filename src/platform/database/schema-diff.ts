import type { ProvostDataSource } from './provost-data-source.js';

export interface SchemaDiff {
  up: string[];
  down: string[];
}

/** The statements that would bring the database to what the entities say; none when they agree. */
export async function schemaDiff(dataSource: ProvostDataSource): Promise<SchemaDiff> {
  const log = await dataSource.driver.createSchemaBuilder().log();
  return {
    up: log.upQueries.map(({ query }) => query).filter(isOurs),
    down: log.downQueries.map(({ query }) => query).filter(isOurs).reverse(),
  };
}

/** TypeORM's own bookkeeping tables are not part of the schema. */
function isOurs(query: string): boolean {
  return !/typeorm_metadata/.test(query);
}
