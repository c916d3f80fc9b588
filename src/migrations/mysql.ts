import { Ground1795243367953 } from './mysql/ground.js';

/** Oldest first. */
export const mysqlMigrations = [Ground1795243367953];
