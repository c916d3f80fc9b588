import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { type Row, Sql, type SqlValue } from '../platform/database/sql.js';
import { comparable } from '../platform/http/text.js';
import { Keyset, type Page } from '../platform/lists/keyset.js';
import type { ListQueryDto } from '../platform/lists/list-query.dto.js';
import type { Sortable, SortColumn } from '../platform/lists/sorting.js';
import { SNAPSHOT_COLUMNS, snapshotOfRow, type UserSnapshot } from './user-snapshot.js';

export interface UserQuery extends ListQueryDto {
  /** How the username begins or, with an `@` in it, the e-mail address. */
  search?: string;
  status?: 'active' | 'banned';
}

interface SearchOptions {
  /** Whoever may not read addresses must not find out one letter after the other: the address must be named whole. */
  wholeAddress: boolean;
}

/** Where a record stands, beside what is read of it. */
interface Found extends UserSnapshot {
  readonly key: string;
}

const CREATED: SortColumn = { column: 'created_at', kind: 'instant' };
const HIGHEST = '\u{10ffff}';

/** Finds users by how their names begin; each search walks one index and reads no more of it than a page. */
@Injectable()
export class UserSearch {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  async find(query: UserQuery, { wholeAddress }: SearchOptions): Promise<Page<UserSnapshot>> {
    const search = query.search === undefined ? undefined : comparable(query.search.trim());
    const column = search?.includes('@') ? 'email_key' : 'username_key';
    const keyset = Keyset.of(query, sortable(search === undefined || column === 'email_key', column));
    const conditions = [...found(column, search, wholeAddress && column === 'email_key'), ...standing(query.status, this.clock.now())];
    const where = [...conditions.map(([condition]) => condition), keyset.where].join(' AND ');
    const { rows } = await this.sql.execute(`SELECT username_key, ${SNAPSHOT_COLUMNS} FROM users WHERE ${where} ${keyset.tail}`, [...conditions.flatMap(([, values]) => values), ...keyset.values]);
    const now = this.clock.millis();
    const users = rows.map((row: Row): Found => ({ key: row[0] as string, ...snapshotOfRow(row, now) }));
    const page = keyset.page(users, ({ id, key, createdAt }, field) => ({ id, value: field === 'username' ? key : createdAt }));
    return { ...page, data: page.data.map(({ key: _, ...user }) => user) };
  }
}

type Condition = readonly [string, readonly SqlValue[]];

/** Names are found in the order of their index. Addresses are never sorted by: a cursor would carry one. */
function sortable(byTime: boolean, column: string): Sortable {
  return byTime ? { by: { createdAt: CREATED }, default: '-createdAt', id: 'id' } : { by: { username: { column, kind: 'text' } }, default: 'username', id: 'id' };
}

function found(column: string, search: string | undefined, isWhole: boolean): Condition[] {
  if (search === undefined) return [];
  return isWhole ? [[`${column} = ?`, [search]]] : [[`${column} >= ? AND ${column} < ?`, [search, search + HIGHEST]]];
}

/** What `standingAt` says, in SQL. */
function standing(status: UserQuery['status'], now: Date): Condition[] {
  if (status === undefined) return [];
  return [[status === 'banned' ? "(status = 'banned' AND (banned_until IS NULL OR banned_until > ?))" : "(status = 'active' OR (status = 'banned' AND banned_until <= ?))", [now]]];
}
