import { Accounts1795244425747 } from './embedded/accounts.js';
import { Ground1795243366641 } from './embedded/ground.js';

/** Oldest first. */
export const embeddedMigrations = [Ground1795243366641, Accounts1795244425747];
