import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { UnreadableFile } from '../../platform/csv/file.problems.js';
import { Holdings } from '../../usage/holdings.js';
import { UnknownPlan } from '../../usage/usage.problems.js';
import { NameTaken } from '../../users/users.problems.js';
import { ChunkWriter, errorsOf } from './chunk-writer.js';
import type { FileRow } from './file-rows.js';
import { ImportProgress } from './import-progress.js';
import type { ImportOrder, ImportSummary, RowResult } from './import-results.js';
import { type CheckedRow, RowChecks, type TakenBefore } from './row-checks.js';
import { SeenNames } from './seen-names.js';
import { ImportStopped, OtherFile } from './transfer.problems.js';
import { ImportState, UserImport, UserImportError } from './user-import.entity.js';

/** Rows of one transaction: enough that it costs little, and few enough that nobody waits for it. */
const CHUNK = 500;
/** Somebody may register under a name of the chunk while it is being written. */
const ATTEMPTS = 5;

/** Makes users of the rows of a file, a chunk at a time, and goes on where an earlier reading of the same file stopped. */
@Injectable()
export class UserImports implements OnModuleDestroy {
  private readonly key: Buffer;
  private stopped = false;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly checks: RowChecks,
    private readonly writer: ChunkWriter,
    private readonly holdings: Holdings,
    private readonly clock: Clock,
    keyring: Keyring,
  ) {
    this.key = keyring.derive('user-imports');
  }

  onModuleDestroy(): void {
    this.stopped = true;
  }

  /** What became of the rows, chunk by chunk as they are written, and in the end what became of all. */
  async *carryOut(order: ImportOrder, rows: AsyncIterable<FileRow>): AsyncGenerator<RowResult[], ImportSummary> {
    const progress = order.dryRun ? new ImportProgress(this.newRecord(order), [], this.key) : await this.begin(order);
    const seen = new SeenNames();
    try {
      for await (const chunk of chunksOf(rows, progress)) yield await this.deal(order, progress, chunk, seen);
    } catch (error) {
      throw error instanceof UnreadableFile && progress.record.dealtWith > 0 ? error.after(progress.summary(order.dryRun)) : error;
    }
    if (!order.dryRun && progress.record.state !== ImportState.Done) await this.writer.finish(order.actor, progress);
    return progress.summary(order.dryRun);
  }

  private deal(order: ImportOrder, progress: ImportProgress, chunk: FileRow[], seen: SeenNames): Promise<RowResult[]> {
    if (this.stopped) throw new ImportStopped();
    if (progress.record.state === ImportState.Done) throw new OtherFile();
    return order.dryRun ? this.tried(progress, chunk, seen) : this.written(order, progress, chunk);
  }

  private async tried(progress: ImportProgress, chunk: FileRow[], seen: SeenNames): Promise<RowResult[]> {
    const checked = await this.checked(chunk, seen);
    const { record } = progress;
    const valid = checked.filter(({ row }) => row).length;
    Object.assign(record, { dealtWith: record.dealtWith + chunk.length, created: record.created + valid, failed: record.failed + chunk.length - valid });
    progress.errors.push(...progress.room(checked.flatMap(errorsOf)));
    return checked.map((each) => (each.row ? { line: each.line, status: 'valid' } : { line: each.line, status: 'failed', errors: errorsOf(each) }));
  }

  private async written({ actor }: ImportOrder, progress: ImportProgress, chunk: FileRow[]): Promise<RowResult[]> {
    for (let attempt = 1; ; attempt += 1) {
      const checked = await this.checked(chunk, new Set());
      try {
        return await this.writer.write(actor, progress, checked);
      } catch (error) {
        // A name was taken or a plan removed since they were checked: checked again, the row is refused by its line.
        if (!(error instanceof NameTaken || error instanceof UnknownPlan) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private checked(chunk: readonly FileRow[], before: TakenBefore): Promise<CheckedRow[]> {
    return this.holdings.withPlans((plans) => this.checks.check(chunk, plans, before));
  }

  private async begin(order: ImportOrder): Promise<ImportProgress> {
    const record = await this.record(order);
    const errors = await this.db.find(UserImportError, { where: { importId: record.id }, order: { line: 'ASC', pointer: 'ASC' } });
    return new ImportProgress(record, errors.map(({ line, pointer, code, detail }) => ({ line, pointer, code, detail })), this.key);
  }

  private async record(order: ImportOrder): Promise<UserImport> {
    const record = this.newRecord(order);
    try {
      await insertRow(this.db, UserImport, record);
      return record;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const { actorKind, actorId, idempotencyKey } = record;
      return this.db.findOneByOrFail(UserImport, { actorKind, actorId, idempotencyKey });
    }
  }

  private newRecord({ actor, key }: ImportOrder): UserImport {
    const now = this.clock.now();
    const record = Object.assign(new UserImport(), { actorKind: actor.kind, actorId: actor.id ?? '', startedAt: now, updatedAt: now });
    record.idempotencyKey = key ?? record.id;
    return record;
  }
}

/** Rows that nobody has dealt with yet. Those before a line that cannot be read are dealt with first. */
async function* chunksOf(rows: AsyncIterable<FileRow>, progress: ImportProgress): AsyncGenerator<FileRow[]> {
  let chunk: FileRow[] = [];
  let flaw: UnreadableFile | undefined;
  try {
    for await (const row of rows) {
      if (progress.passes(row)) {
        if (progress.isAtMark && !progress.isSame) throw new OtherFile();
        continue;
      }
      chunk.push(row);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    flaw = error;
  }
  if (progress.isBeforeMark) throw flaw ?? new OtherFile();
  if (chunk.length > 0) yield chunk;
  if (flaw) throw flaw;
}
