import { DatabaseAway } from '../problems/problems.js';

interface DriverError {
  code?: string;
  errno?: number;
  driverError?: DriverError;
}

/** Lost locks and refused certifications: nothing of the transaction remains, so the whole of it may run again. */
const RETRYABLE = new Set([1213, 1205, 1180, 3101, 1047]);
const AWAY_CODES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'POOL_CLOSED',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
]);
/** Read-only (a connection that still leads to a former primary), shutdown, lost in a query, no more connections. */
const AWAY_NUMBERS = new Set([1290, 1053, 2006, 2013, 1040, 3100]);

export function isRetryable(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return (errno !== undefined && RETRYABLE.has(errno)) || code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_SNAPSHOT';
}

export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  const { code, errno } = driverErrorOf(error);
  if (errno !== undefined && AWAY_NUMBERS.has(errno)) return true;
  if (code !== undefined && AWAY_CODES.has(code)) return true;
  return error instanceof Error && /^(Pool is closed|Can't add new command when connection is in closed state|Connection lost)/.test(error.message);
}

/** A unique key refused the row. With `key`, only when the message names that key or table. */
export function isDuplicate(error: unknown, key?: string): boolean {
  const { code, errno } = driverErrorOf(error);
  const duplicate = errno === 1062 || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
  return duplicate && (key === undefined || String((error as Error).message).includes(key));
}

/** The row that a foreign key points to does not exist. */
export function isMissingReference(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return errno === 1452 || errno === 1216 || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}

function driverErrorOf(error: unknown): DriverError {
  if (typeof error !== 'object' || error === null) return {};
  const outer = error as DriverError;
  return outer.driverError ?? outer;
}
