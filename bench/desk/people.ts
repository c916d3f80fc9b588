import { randomInt } from 'node:crypto';
import { newId } from '../../src/platform/ids/ids.js';
import type { Database } from '../database.js';
import type { Session } from '../population.js';

const PART = 20_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** The first of them came then, and then one every half minute. */
const BEGAN = Date.UTC(2024, 0, 1);
const APART_MS = 30_000;

/** A place in the list of users by the day they came. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/** Users without anything but their row, as many as a desk has to find its way among, and an admin who is signed in. */
export class People {
  /** Some places deep inside, far from both ends. */
  places: Place[] = [];
  count = 0;

  private constructor(
    private readonly database: Database,
    readonly admin: Session,
  ) {}

  static async of(database: Database, users: number): Promise<People> {
    const people = new People(database, await signedInAdmin(database));
    await people.growTo(users);
    return people;
  }

  async growTo(users: number): Promise<void> {
    const samples: Place[] = [];
    while (this.count < users) {
      const part = Array.from({ length: Math.min(PART, users - this.count) }, (_, index) => ({ id: newId(), at: BEGAN + (this.count + index) * APART_MS }));
      await this.insert(part);
      samples.push(...part.filter((_, index) => index % 97 === 0));
      this.count += part.length;
    }
    this.places = [...this.places, ...samples].filter(({ at }) => at > BEGAN + 0.1 * users * APART_MS && at < BEGAN + 0.9 * users * APART_MS);
    if ('url' in this.database.address) await this.database.execute('ANALYZE TABLE users');
  }

  private async insert(part: readonly Place[]): Promise<void> {
    const preferences = JSON.stringify({ language: 'en', theme: 'system', notifications: {}, custom: {} });
    const rows = part.map(({ id, at }, index) => {
      const username = `${letters(4)}${this.count + index}`;
      const email = `${letters(4)}.${this.count + index}@example.org`;
      return [id, email, email, username, username, 'active', 'UTC', preferences, new Date(at), new Date(at), 1];
    });
    await this.database.insert('principals', ['id', 'kind', 'created_at'], part.map(({ id, at }) => [id, 'user', new Date(at)]));
    await this.database.insert('users', ['id', 'email', 'email_key', 'username', 'username_key', 'status', 'time_zone', 'preferences', 'created_at', 'updated_at', 'version'], rows);
  }
}

/** Some letters, each as likely as the other. */
export function letters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

async function signedInAdmin(database: Database): Promise<Session> {
  const now = new Date();
  const later = new Date(now.getTime() + 86_400_000);
  const session = { id: newId(), userId: newId() };
  await database.insert('principals', ['id', 'kind', 'created_at'], [[session.userId, 'admin', now]]);
  await database.insert('admins', ['id', 'username', 'username_key', 'status', 'created_at', 'updated_at', 'version'], [[session.userId, 'desk', 'desk', 'active', now, now, 1]]);
  await database.insert(
    'sessions',
    ['id', 'principal_id', 'kind', 'generation', 'created_at', 'rotated_at', 'last_used_at', 'idle_until', 'expires_at', 'ip', 'user_agent'],
    [[session.id, session.userId, 'admin', 1, now, now, now, later, later, '127.0.0.1', 'bench']],
  );
  return session;
}
