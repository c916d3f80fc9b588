import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { PrincipalKind } from '../../access/permission.js';
import { AuditService } from '../../audit/audit.service.js';
import { PasswordsService } from '../../auth/credentials/passwords.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Holdings } from '../../usage/holdings.js';
import type { UserRecord } from '../../users/user-record.js';
import { UsersService } from '../../users/users.service.js';
import type { ImportProgress } from './import-progress.js';
import type { Importer, RowError, RowResult } from './import-results.js';
import { ImportGoesOn } from './transfer.problems.js';
import type { CheckedRow } from './row-checks.js';
import { ImportState, UserImport, UserImportError } from './user-import.entity.js';
import { newUserOf, type UserRow } from './user-row.js';

/** So many hashes wait at once that people who sign in meanwhile wait for two of them at most. */
const HASHED_AT_ONCE = 2;

interface NewRow {
  readonly row: UserRow;
  readonly hash: string | undefined;
}

/** Writes what became of some rows: users, passwords, plans, credits, errors, the audit row and the import's mark, or nothing. */
@Injectable()
export class ChunkWriter {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly holdings: Holdings,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async write(actor: Importer, progress: ImportProgress, checked: readonly CheckedRow[]): Promise<RowResult[]> {
    const errors = progress.room(checked.flatMap(errorsOf));
    const rows = await this.hashed(checked.flatMap(({ row }) => row ?? []));
    const { record } = progress;
    const change = {
      dealtWith: record.dealtWith + checked.length,
      created: record.created + rows.length,
      failed: record.failed + checked.length - rows.length,
      hash: progress.digest,
      updatedAt: this.clock.now(),
    };
    const made = await this.holdings.withPlans((plans) => this.db.transaction(async (tx) => {
      await moveMark(tx, record, change);
      const users = await this.make(tx, actor, record, rows, plans);
      if (errors.length > 0) await insertRow(tx, UserImportError, errors.map((error) => ({ importId: record.id, ...error })));
      await this.audit.record(tx, actor, 'users.import', record.id, { after: { lines: [checked[0]!.line, checked.at(-1)!.line], failed: checked.length - rows.length, created: users.map(({ id }) => id) } });
      return users;
    }));
    Object.assign(record, change);
    progress.errors.push(...errors);
    return resultsOf(checked, made);
  }

  async finish(actor: Importer, { record }: ImportProgress): Promise<void> {
    const { id, dealtWith: rows, created, failed } = record;
    await this.db.transaction(async (tx) => {
      await moveMark(tx, record, { state: ImportState.Done, updatedAt: this.clock.now() });
      await this.audit.record(tx, actor, 'users.import-done', id, { after: { rows, created, failed } });
    });
    record.state = ImportState.Done;
  }

  private async make(tx: EntityManager, actor: Importer, { id }: UserImport, rows: readonly NewRow[], plans: ReadonlyMap<string, string>): Promise<UserRecord[]> {
    if (rows.length === 0) return [];
    const users = await this.users.createAll(tx, rows.map(({ row }) => newUserOf(row)));
    const hashes = users.flatMap((user, at) => (rows[at]!.hash === undefined ? [] : [[user.id, rows[at]!.hash] as const]));
    await this.passwords.setAll(tx, new Map(hashes));
    const bringing = users.map((user, at) => ({ userId: user.id, timeZone: user.timeZone, plan: rows[at]!.row.plan ?? null, credits: rows[at]!.row.credits ?? 0 }));
    await this.holdings.bring(tx, actor, bringing.filter(({ plan, credits }) => plan !== null || credits > 0), plans, `Import ${id}.`);
    return users;
  }

  private async hashed(rows: readonly UserRow[]): Promise<NewRow[]> {
    const hashed: NewRow[] = [];
    for (let at = 0; at < rows.length; at += HASHED_AT_ONCE) {
      hashed.push(...(await Promise.all(rows.slice(at, at + HASHED_AT_ONCE).map(async (row) => ({ row, hash: await this.hashOf(row) })))));
    }
    return hashed;
  }

  private hashOf({ password, passwordHash, username, email }: UserRow): Promise<string> | string | undefined {
    return password === undefined ? passwordHash : this.passwords.prepare(password, { kind: PrincipalKind.User, username, email });
  }
}

/** Of two that deal with the same rows one moves the mark, and the other leaves nothing behind. */
async function moveMark(tx: EntityManager, { id, dealtWith }: UserImport, change: Partial<UserImport>): Promise<void> {
  const { affected } = await tx.update(UserImport, { id, dealtWith, state: ImportState.Begun }, change);
  if (affected !== 1) throw new ImportGoesOn();
}

export function errorsOf({ line, violations }: CheckedRow): RowError[] {
  return violations.map(({ pointer, code, detail }) => ({ line, pointer, code, detail }));
}

function resultsOf(checked: readonly CheckedRow[], users: readonly UserRecord[]): RowResult[] {
  let next = 0;
  return checked.map((each) => (each.row ? { line: each.line, status: 'created', id: users[next++]!.id } : { line: each.line, status: 'failed', errors: errorsOf(each) }));
}
