import { Injectable } from '@nestjs/common';
import { millisOf, Sql } from '../platform/database/sql.js';
import { Keyset, type Page } from '../platform/lists/keyset.js';
import type { ListQueryDto } from '../platform/lists/list-query.dto.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Sortable } from '../platform/lists/sorting.js';
import type { Wanted } from '../platform/lists/wanted.js';
import type { LoginAudit } from './login-audit.entity.js';
import { SIGN_INS_LIST } from './sign-ins.list.js';

export interface SignInRecord {
  readonly id: string;
  readonly at: number;
  /** As typed. */
  readonly username: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly ok: boolean;
  readonly reason: string;
}

/** By the id, which rises with time and has the index. */
const SORTABLE: Sortable = { by: { at: { column: 'id', kind: 'text' } }, default: '-at', id: 'id' };

/** Attempts to sign in, read back. */
@Injectable()
export class SignInHistory {
  constructor(
    private readonly sql: Sql,
    private readonly lists: Lists,
  ) {}

  /** Of everybody. */
  list(wanted: Wanted): Promise<ListPage<LoginAudit>> {
    return this.lists.page(SIGN_INS_LIST, wanted);
  }

  async of(principalId: string, query: ListQueryDto): Promise<Page<SignInRecord>> {
    const keyset = Keyset.of(query, SORTABLE);
    const { rows } = await this.sql.execute(`SELECT id, at, username, ip, user_agent, ok, reason FROM auth_login_audit WHERE principal_id = ? AND ${keyset.where} ${keyset.tail}`, [principalId, ...keyset.values]);
    const records = rows.map(([id, at, username, ip, userAgent, ok, reason]) => ({ id: id as string, at: millisOf(at), username: username as string, ip: ip as string, userAgent: userAgent as string, ok: Boolean(ok), reason: reason as string }));
    return keyset.page(records, ({ id }) => ({ value: id, id }));
  }
}
