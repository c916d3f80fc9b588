import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import type { FileFormat } from '../../platform/csv/file-format.js';
import { Sql } from '../../platform/database/sql.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { AuditCheckpoints } from '../audit-checkpoints.js';
import { AuditService } from '../audit.service.js';
import { headsOf } from '../checkpoint-statement.js';
import { laneRows } from '../stored-row.js';
import { endStatement, eventOf, ExportDigest, type ExportedCheckpoint, FORMAT, type HeaderLine } from './export-lines.js';
import { PREAMBLE, textOf } from './export-text.js';

export interface ExportRequest {
  readonly format: FileFormat;
  readonly from?: string;
  readonly to?: string;
}

/** A row is chained when its transaction commits, by another machine's clock perhaps: a minute later than it says at most. */
const LATENESS_MS = 60_000;

/** A stretch of the trail as one file that proves itself, some hundred rows in memory at a time. */
@Injectable()
export class AuditExport {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly checkpoints: AuditCheckpoints,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Noted in the audit before the first byte. What has happened up to now is signed first, so that nothing in the file is unsigned. */
  async begin(actor: Actor, { format, from, to }: ExportRequest): Promise<AsyncGenerator<string>> {
    if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to)) throw new ValidationFailed([{ pointer: '/to', code: 'order', detail: 'to must not be before from.' }]);
    await this.audit.record(this.db, actor, 'audit.export', null, { after: { format, from, to } });
    const newest = await this.checkpoints.take();
    const begin = from === undefined ? 0 : (await this.checkpoints.firstFrom(near(from, -LATENESS_MS))) - 1;
    const end = to === undefined ? Infinity : await this.checkpoints.firstFrom(near(to, LATENESS_MS));
    return this.text(format, {
      kind: 'header',
      format: FORMAT,
      exportedAt: this.clock.now().toISOString(),
      from: from ?? null,
      to: to ?? null,
      publicKey: this.checkpoints.publicKeyText,
      begin: await this.exported(begin),
      end: (await this.exported(Math.min(end, newest!.number)))!,
    });
  }

  private async exported(number: number): Promise<ExportedCheckpoint | null> {
    const checkpoint = await this.checkpoints.numbered(number);
    if (!checkpoint) return null;
    const { at, heads, signature } = checkpoint;
    return { number, at: at.toISOString(), heads, previousSignature: (await this.checkpoints.numbered(number - 1))?.signature ?? '', signature };
  }

  private async *text(format: FileFormat, header: HeaderLine): AsyncGenerator<string> {
    const digest = new ExportDigest(header);
    yield PREAMBLE[format] + textOf(format, header);
    const begin = headsOf(header.begin);
    for (const [lane, { seq: last }] of headsOf(header.end)) {
      for (let behind = begin.get(lane)?.seq ?? 0; behind < last; ) {
        const events = (await laneRows(this.sql, lane, behind, last)).map(eventOf);
        if (events.length === 0) break;
        for (const event of events) digest.add(event);
        yield events.map((event) => textOf(format, event)).join('');
        behind = events.at(-1)!.position;
        // The embedded engine answers at once: nobody else would get a turn.
        await breathe();
      }
    }
    const end = digest.end();
    yield textOf(format, { ...end, signature: this.checkpoints.sign(endStatement(end)) });
  }
}

function near(at: string, ms: number): Date {
  return new Date(Date.parse(at) + ms);
}
