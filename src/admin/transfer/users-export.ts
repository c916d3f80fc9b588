import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { csvLines } from '../../platform/csv/cells.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { Holdings } from '../../usage/holdings.js';
import type { UserRecord } from '../../users/user-record.js';
import { UsersService } from '../../users/users.service.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { cellsOf, exported, EXPORTED, type ExportedUser } from './user-columns.js';

/** Users as one file, a page of them in memory at a time. */
@Injectable()
export class UsersExport {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly users: UsersService,
    private readonly holdings: Holdings,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Noted in the audit before the first byte: what happens to a file afterwards nobody can tell. */
  async begin(actor: AuditActor | typeof SYSTEM, wanted: Wanted, format: FileFormat, told?: (users: number) => void): Promise<AsyncGenerator<string>> {
    const { filters, q, ids } = wanted;
    await this.audit.record(this.db, actor, 'users.export', null, { after: { format, filters, q, ids: ids?.length } });
    return this.text(wanted, format, told);
  }

  private async *text(wanted: Wanted, format: FileFormat, told?: (users: number) => void): AsyncGenerator<string> {
    if (format === FileFormat.Csv) yield csvLines([EXPORTED]);
    for await (const page of this.users.records(wanted)) {
      const records = await this.records(page);
      if (records.length > 0) yield format === FileFormat.Csv ? csvLines(records.map(cellsOf)) : records.map((record) => `${JSON.stringify(record)}\n`).join('');
      told?.(page.length);
      // The embedded engine answers at once: nobody else would get a turn.
      await breathe();
    }
  }

  private async records(users: readonly UserRecord[]): Promise<ExportedUser[]> {
    const held = await this.holdings.of(users.map(({ id }) => id));
    return users.map((user) => exported(user, held.get(user.id), this.clock.millis()));
  }
}
