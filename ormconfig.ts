import 'reflect-metadata';
import { loadSettings } from './src/platform/config/load-settings.js';
import { optionsOf } from './src/platform/database/database.module.js';
import { ProvostDataSource } from './src/platform/database/provost-data-source.js';
import { SCHEMA } from './src/schema.js';

/** The data source for TypeORM's own command line: `npm run typeorm -- migration:show`, `… query "SELECT 1"`. */
export default new ProvostDataSource(optionsOf(loadSettings(), SCHEMA));
