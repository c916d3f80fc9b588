import { Injectable } from '@nestjs/common';
import { PrincipalKind } from '../../access/permission.js';
import { PasswordsService } from '../../auth/credentials/passwords.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { comparable } from '../../platform/http/text.js';
import { Problem, type Violation } from '../../platform/problems/problem.js';
import { UsersService } from '../../users/users.service.js';
import type { FileRow } from './file-rows.js';
import { UserRow, userRowOf } from './user-row.js';

/** A row that can become a user, or what is wrong with it. */
export interface CheckedRow {
  readonly line: number;
  readonly row?: UserRow;
  readonly violations: readonly Violation[];
}

/** Names that earlier rows took. */
export interface TakenBefore {
  has(name: string): boolean;
  add(name: string): void;
}

@Injectable()
export class RowChecks {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly clock: Clock,
  ) {}

  /** All that is wrong with these rows, but for what happens until they are written. */
  async check(rows: readonly FileRow[], plans: ReadonlyMap<string, string>, before: TakenBefore): Promise<CheckedRow[]> {
    const now = this.clock.now();
    const read = rows.map((row) => this.read(row, plans, now));
    const wellFormed = read.flatMap(({ row }) => row ?? []);
    const taken = await this.users.takenNames(wellFormed);
    const fields = new Map([...taken].map(([place, field]) => [wellFormed[place], field]));
    return read.map((each) => (each.row ? free(each, fields.get(each.row) ?? firstOf(each.row, before)) : each));
  }

  private read(file: FileRow, plans: ReadonlyMap<string, string>, now: Date): CheckedRow {
    const { line } = file;
    const row = userRowOf(file, now);
    if (!(row instanceof UserRow)) return { line, violations: row };
    const violations = this.flaws(row);
    if (row.plan !== undefined && !plans.has(row.plan)) violations.push({ pointer: '/plan', code: 'unknown-plan', detail: 'There is no plan of this name.' });
    return violations.length > 0 ? { line, violations } : { line, row, violations };
  }

  private flaws({ password, passwordHash, username, email }: UserRow): Violation[] {
    try {
      if (passwordHash !== undefined) this.passwords.importable(passwordHash);
      if (password !== undefined) this.passwords.check(password, { kind: PrincipalKind.User, username, email });
      return [];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return [...(error.options.violations ?? [{ pointer: '/password', code: error.code, detail: error.detail }])];
    }
  }
}

/** Which name an earlier row took already; takes both where none is. */
function firstOf({ username, email }: UserRow, before: TakenBefore): 'username' | 'email' | undefined {
  const [name, address] = [comparable(username), comparable(email)];
  if (before.has(name)) return 'username';
  if (before.has(address)) return 'email';
  before.add(name);
  before.add(address);
  return undefined;
}

function free(checked: CheckedRow, taken: 'username' | 'email' | undefined): CheckedRow {
  if (!taken) return checked;
  const what = taken === 'email' ? 'e-mail address' : 'username';
  return { line: checked.line, violations: [{ pointer: `/${taken}`, code: 'taken', detail: `This ${what} is taken, by a user or by an earlier row.` }] };
}
