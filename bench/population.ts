import { randomBytes } from 'node:crypto';
import { hash as hashPassword } from '@node-rs/argon2';
import { SERVICE_KEY_SCOPES, USER_KEY_SCOPES } from '../src/access/permission.js';
import { hashOf, issueKey } from '../src/api-keys/key-format.js';
import { sha256 } from '../src/platform/crypto/keyring.js';
import { seal } from '../src/platform/crypto/sealing.js';
import { newId } from '../src/platform/ids/ids.js';
import type { Database, Value } from './database.js';
import { FLOOR_DAY, FLOOR_LOGS, FLOOR_TABLES } from './floor/tables.js';

export const PASSWORD = 'correct horse battery 9';
const SIGNED_IN = 10_000;
const PART = 20_000;
const PLENTY = 2_000_000_000;
/** Conversations a day of the one user who has a limit that matters. */
export const LIMIT = 500;

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly key: string;
}

export interface Session {
  readonly id: string;
  readonly userId: string;
}

export interface Population {
  readonly people: readonly Person[];
  /** May do LIMIT conversations today, and takes part in nothing else. */
  readonly limited: Person;
  /** Of the first people. */
  readonly sessions: readonly Session[];
  readonly serviceKey: string;
}

/** Writes people with keys, passwords and sessions straight into the tables. All that the bench knows of them is here. */
export async function populate(database: Database, users: number, masterKey: Buffer): Promise<Population> {
  const isMysql = 'url' in database.address;
  for (const statement of [...FLOOR_TABLES, isMysql ? FLOOR_LOGS.mysql : FLOOR_LOGS.embedded]) await database.execute(statement);
  const passwordHash = await hashPassword(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const people: Person[] = [];
  for (let start = 0; start < users; start += PART) {
    const part = Array.from({ length: Math.min(PART, users - start) }, (_, index) => person(start + index));
    await insertPeople(database, part, passwordHash, masterKey);
    people.push(...part);
  }
  const limited = people.pop()!;
  await database.execute(`UPDATE usage_accounts SET override_conversations = ${LIMIT} WHERE user_id = '${limited.id}'`);
  const sessions = people.slice(0, SIGNED_IN).map(({ id }) => ({ id: newId(), userId: id }));
  await insertSessions(database, sessions, people);
  return { people, limited, sessions, serviceKey: await insertServiceKey(database) };
}

function person(index: number): Person {
  const id = newId();
  // The key's row has the id of its owner: one less to remember.
  return { id, username: `user${index}`, key: issueKey('live', id).key };
}

async function insertPeople(database: Database, part: readonly Person[], passwordHash: string, masterKey: Buffer): Promise<void> {
  const now = new Date();
  const preferences = JSON.stringify({ language: 'en', theme: 'system', notifications: {}, custom: {} });
  const scopes = JSON.stringify(USER_KEY_SCOPES);
  await database.insert('principals', ['id', 'kind', 'created_at'], part.map(({ id }) => [id, 'user', now]));
  await database.insert(
    'users',
    ['id', 'email', 'email_key', 'username', 'username_key', 'status', 'time_zone', 'preferences', 'created_at', 'updated_at', 'version'],
    part.map(({ id, username }) => [id, addressOf(username), addressOf(username), username, username, 'active', 'UTC', preferences, now, now, 1]),
  );
  await database.insert('credentials', ['principal_id', 'password_hash', 'changed_at', 'must_change'], part.map(({ id }) => [id, passwordHash, now, 0]));
  await database.insert('api_keys', KEY_COLUMNS, part.map(({ id, key }) => keyRow(id, 'user', id, key, scopes, now)));
  // Everybody's day has begun: what is measured is counting, not the first request of a day.
  const today = now.toISOString().slice(0, 10);
  const tomorrow = new Date(now.getTime() + 86_400_000);
  await database.insert(
    'usage_accounts',
    ['user_id', 'day', 'used', 'spent', 'balance', 'plan_balance', 'month', 'override_conversations', 'override_until'],
    part.map(({ id }) => [id, today, 0, 0, 0, 0, today.slice(0, 7), PLENTY, tomorrow]),
  );
  await database.insert('data_keys', ['user_id', 'wrapped', 'created_at'], part.map(({ id }) => [id, seal(masterKey, randomBytes(32), `data-key:${id}`).toString('base64url'), now]));
  await database.insert('floor_keys', ['hash', 'user_id', 'scopes', 'plan'], part.map(({ id, key }) => [sha256(key), id, USER_KEY_SCOPES.join(' '), 'default']));
  await database.insert('floor_usage', ['user_id', 'day', 'used', 'allowed'], part.map(({ id }) => [id, FLOOR_DAY, 0, PLENTY]));
  await database.insert('floor_passwords', ['username', 'user_id', 'hash'], part.map(({ id, username }) => [username, id, passwordHash]));
}

const KEY_COLUMNS = ['id', 'kind', 'owner_id', 'name', 'hash', 'hint', 'scopes', 'created_at', 'version'];

function keyRow(id: string, kind: string, ownerId: string | null, key: string, scopes: string, now: Date): Value[] {
  return [id, kind, ownerId, 'bench', hashOf(key), key.slice(-4), scopes, now, 1];
}

async function insertServiceKey(database: Database): Promise<string> {
  const id = newId();
  const { key } = issueKey('live', id);
  await database.insert('api_keys', KEY_COLUMNS, [keyRow(id, 'service', null, key, JSON.stringify(SERVICE_KEY_SCOPES), new Date())]);
  return key;
}

async function insertSessions(database: Database, sessions: readonly Session[], people: readonly Person[]): Promise<void> {
  const now = new Date();
  const later = new Date(now.getTime() + 86_400_000);
  await database.insert(
    'sessions',
    ['id', 'principal_id', 'kind', 'generation', 'created_at', 'rotated_at', 'last_used_at', 'idle_until', 'expires_at', 'ip', 'user_agent'],
    sessions.map(({ id, userId }) => [id, userId, 'user', 1, now, now, now, later, later, '127.0.0.1', 'bench']),
  );
  await database.insert(
    'floor_sessions',
    ['id', 'user_id', 'username', 'email', 'ended'],
    sessions.map(({ id, userId }, index) => [id, userId, people[index]!.username, addressOf(people[index]!.username), 0]),
  );
}

/** Conversations that were counted, also those of a day that has ended since. */
export function countConversations(database: Database): Promise<number> {
  return database.count('SELECT (SELECT SUM(used) FROM usage_accounts) + (SELECT COALESCE(SUM(conversations), 0) FROM usage_days)');
}

export function countLogs(database: Database): Promise<number> {
  return database.count('SELECT COUNT(*) FROM message_logs');
}

function addressOf(username: string): string {
  return `${username}@example.org`;
}

/** In an order that has nothing to do with that of the tables. */
export function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  const random = randomBytes(4 * result.length);
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = random.readUInt32LE(4 * index) % (index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}
