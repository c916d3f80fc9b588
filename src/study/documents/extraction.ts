import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { Sql } from '../../platform/database/sql.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { Problem } from '../../platform/problems/problem.js';
import { StudyCompute } from '../computing/study-compute.js';
import { FileStorage } from '../storage/file-storage.js';
import { FileMissing } from '../storage/storage.problems.js';
import { Document } from './document.entity.js';
import { DocumentPage } from './document-page.entity.js';
import { addPages } from './page-rows.js';
import type { PageText } from './pdf/read-pages.js';

/** Longer than a portion takes; each portion renews it. */
const CLAIM_MS = 300_000;
/** A document that brings a process down does so a few times, not for ever. */
const MOST_ATTEMPTS = 3;
/** All portions of one document together. */
const MOST_SECONDS = 600;

const CLAIM = "UPDATE documents SET claimed_until = ?, attempts = attempts + 1 WHERE id = ? AND state = 'processing' AND (claimed_until IS NULL OR claimed_until < ?)";
const FORGIVE = "UPDATE documents SET claimed_until = ?, attempts = attempts - 1 WHERE id = ? AND file_id = ? AND state = 'processing' AND claimed_until IS NOT NULL";
const FAIL = "UPDATE documents SET state = 'failed', failure = ?, claimed_until = NULL WHERE id = ? AND file_id = ? AND state = 'processing'";

type Outcome = 'ready' | 'failed' | 'gone' | 'later';

/** Reads the text of documents, one after the other, in the background: what one process leaves, another goes on with. */
@Injectable()
export class Extraction implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Documents');
  private readonly stop = new AbortController();
  private isReading = false;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly compute: StudyCompute,
    private readonly storage: FileStorage,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'study.read-documents', description: 'reads the text of documents that nobody reads at the moment', schedule: CronExpression.EVERY_MINUTE, run: () => this.readAll() });
  }

  beforeApplicationShutdown(): void {
    this.stop.abort(new Error('The service is stopping.'));
  }

  /** There is something to read. Whoever says so does not wait for it. */
  wake(): void {
    if (!this.settings.jobsEnabled || this.isReading) return;
    this.isReading = true;
    void this.readAll()
      .catch((error: unknown) => this.logger.warn(`Documents wait to be read: ${String(error)}`))
      .finally(() => (this.isReading = false));
  }

  async readAll(): Promise<JobReport> {
    const outcomes: Record<Outcome, number> = { ready: 0, failed: 0, gone: 0, later: 0 };
    for (let document = await this.claim(); document; document = await this.claim()) outcomes[await this.read(document)] += 1;
    return outcomes;
  }

  private async claim(): Promise<Document | undefined> {
    while (!this.stop.signal.aborted) {
      const now = this.clock.now();
      const { rows } = await this.sql.execute("SELECT id FROM documents WHERE state = 'processing' AND (claimed_until IS NULL OR claimed_until < ?) ORDER BY claimed_until, id LIMIT 1", [now]);
      if (rows.length === 0) return undefined;
      const id = rows[0]![0] as string;
      const { affected } = await this.sql.execute(CLAIM, [this.claimEnd(), id, now]);
      const document = affected === 1 ? await this.db.findOneBy(Document, { id }) : null;
      if (document && document.attempts <= MOST_ATTEMPTS) return document;
      if (document) await this.fail(document, 'study.interrupted');
    }
    return undefined;
  }

  private async read(document: Document): Promise<Outcome> {
    try {
      return await this.storage.within(document.fileId, (path) => this.readFile(document, path));
    } catch (error) {
      if (error instanceof Problem && (error.kind === 'rule-broken' || error instanceof FileMissing)) return this.fail(document, error.code);
      this.logger.warn(`Document ${document.id} is read later: ${String(error)}`);
      await this.postpone(document, error).catch(() => undefined);
      return 'later';
    }
  }

  /** What is the fault of neither document nor reader does not count. Others come first: the claim stays for a while. */
  private async postpone({ id, fileId }: Document, error: unknown): Promise<void> {
    const isStopping = this.stop.signal.aborted;
    if (isStopping || (error instanceof Problem && error.kind === 'unavailable')) await this.sql.execute(FORGIVE, [isStopping ? null : this.claimEnd(), id, fileId]);
  }

  private async readFile(document: Document, path: string): Promise<Outcome> {
    const began = performance.now();
    for (let from = (await this.pagesRead(document)) + 1; from <= document.pages; ) {
      if (performance.now() - began > MOST_SECONDS * 1000) return this.fail(document, 'study.time-limit');
      const { pages } = await this.compute.run('readPages', { path, ownerId: document.ownerId, from }, { signal: this.stop.signal });
      // Fewer pages than it was said to have: what is there is all there is.
      if (pages.length === 0) break;
      if (!(await this.add(document, pages))) return 'gone';
      from += pages.length;
    }
    return this.finish(document);
  }

  private async pagesRead({ id: documentId }: Document): Promise<number> {
    return (await this.db.maximum(DocumentPage, 'number', { documentId })) ?? 0;
  }

  /** Answers false when the document was deleted or has another file meanwhile. */
  private add({ id, fileId }: Document, pages: readonly PageText[]): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const document = await tx.findOne(Document, { where: { id, fileId, state: 'processing' }, lock: rowLock(tx) });
      if (!document) return false;
      await addPages(tx, id, pages);
      await tx.update(Document, { id }, { claimedUntil: this.claimEnd() });
      return true;
    });
  }

  private async finish({ id, fileId }: Document): Promise<Outcome> {
    const { rows } = await this.sql.execute('SELECT COALESCE(SUM(words), 0), COALESCE(SUM(words > 0), 0) FROM document_pages WHERE document_id = ?', [id]);
    const [words, pagesWithText] = rows[0]!.map(Number) as [number, number];
    const { affected } = await this.db.update(Document, { id, fileId, state: 'processing' }, { state: 'ready', words, pagesWithText, claimedUntil: null });
    return affected === 1 ? 'ready' : 'gone';
  }

  private async fail({ id, fileId }: Document, code: string): Promise<Outcome> {
    await this.sql.execute(FAIL, [code, id, fileId]);
    return 'failed';
  }

  private claimEnd(): Date {
    return new Date(this.clock.millis() + CLAIM_MS);
  }
}
