import type { Settings } from '../platform/config/settings.js';

/** Bulk work may take longer than a request would wait. */
export const PATIENT: Partial<Settings> = { databaseTimeoutMs: 60_000 };
