import type { Settings } from '../config/settings.js';

export type Engine = 'embedded' | 'mysql';

export function engineOf(settings: Settings): Engine {
  return settings.databaseUrl ? 'mysql' : 'embedded';
}
