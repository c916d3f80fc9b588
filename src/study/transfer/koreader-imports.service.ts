import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { StudyDesk } from '../sessions/study-desk.js';
import { StudyDocuments } from '../study-documents.js';
import { StudyZones } from '../study-zones.js';
import { DocumentMatcher } from './document-matcher.js';
import type { ImportReport } from './import-report.js';
import type { KoreaderBook } from './koreader-file.js';
import { KoreaderReader } from './koreader-reader.js';
import { type KoreaderSession, koreaderSessions } from './koreader-sessions.js';
import type { SessionDraft } from './session-drafts.js';
import { SessionIntake } from './session-intake.js';

interface Terms {
  readonly books: ReadonlyMap<number, KoreaderBook>;
  readonly documents: DocumentMatcher;
  readonly timeZone: string;
}

/** Reading sessions from the statistics of KOReader. */
@Injectable()
export class KoreaderImports {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly reader: KoreaderReader,
    private readonly desk: StudyDesk,
    private readonly zones: StudyZones,
    private readonly documents: StudyDocuments,
    private readonly intake: SessionIntake,
    private readonly audit: AuditService,
  ) {}

  async take(actor: Actor, file: AsyncIterable<Buffer>): Promise<ImportReport> {
    const { books, stats } = await this.reader.read(file);
    const { sessions, impossible } = koreaderSessions(stats, this.clock.now());
    const terms = { books: new Map(books.map((book) => [book[0], book])), documents: await DocumentMatcher.of(this.db, actor.id), timeZone: await this.zones.of(actor) };
    return this.desk.change(actor.id, async (tx) => {
      const drafts: SessionDraft[] = [];
      for (const session of sessions) drafts.push(await this.draft(tx, session, terms));
      const { passedOver, ...rest } = await this.intake.take(tx, actor.id, drafts);
      const report = { ...rest, passedOver: passedOver + impossible };
      await this.audit.record(tx, actor, 'study.import-koreader', actor.id, { after: { ...report } });
      return report;
    });
  }

  private async draft(tx: EntityManager, { book, stretches, pages, totalPages }: KoreaderSession, { books, documents, timeZone }: Terms): Promise<SessionDraft> {
    const [, title, authors, md5] = books.get(book) ?? [book, null, null, null];
    const document = documents.find({ title });
    const numbers = [...pages].sort((a, b) => a - b);
    // Laid out anew, as books without fixed pages are, a page is another one.
    const isSame = document !== undefined && document.pages === totalPages;
    const [firstPage, lastPage] = isSame ? [numbers[0]!, Math.min(numbers.at(-1)!, document.pages)] : [null, null];
    const inRange = isSame ? await this.documents.words(tx, document, firstPage!, lastPage!) : null;
    return {
      importKey: keyOf(md5 ?? `${title}/${authors}`, stretches[0]!.startedAt), documentId: document?.id ?? null, kind: 'reading', timeZone, stretches, firstPage, lastPage, pages: pages.size,
      words: inRange && Math.round((inRange * pages.size) / (lastPage! - firstPage! + 1)) || null, exercises: null, note: document ? null : clean(title),
    };
  }
}

function keyOf(book: string, startedAt: Date): string {
  return `koreader:${createHash('sha256').update(book).digest('base64url')}:${startedAt.getTime()}`;
}

/** A title from a file, without what would break lines elsewhere. */
function clean(title: string | null): string | null {
  return title?.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]/gu, ' ').trim() || null;
}
