import { Ground1795243366641 } from './embedded/ground.js';

/** Oldest first. */
export const embeddedMigrations = [Ground1795243366641];
