import { Injectable, type Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Settings } from '../../platform/config/settings.js';
import { StudyCompute } from '../computing/study-compute.js';
import { FileStorage } from '../storage/file-storage.js';
import { IncomingFolder } from '../storage/incoming-folder.js';
import { LooseFile } from '../storage/loose-file.entity.js';
import { LooseFiles } from '../storage/loose-files.js';
import { StorageAccounts } from '../storage/storage-accounts.js';
import { FileTooLarge } from '../storage/storage.problems.js';
import { safeFileName } from './file-name.js';
import { NoPdf } from './pdf/pdf.problems.js';
import type { UploadForm } from './upload-form.js';

/** Boundaries, headers and the other fields of a form. */
const FORM_BYTES = 64 * 1024;
const MAGIC = Buffer.from('%PDF-');
/** How far behind the beginning readers of PDFs look for it. */
const MAGIC_WITHIN = 1024;

/** A PDF that was checked and lies in the storage, and belongs to nobody yet. */
export interface ArrivedPdf {
  readonly fileId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly pages: number;
  /** Makes it a document's, in the transaction that writes the document. */
  settle(tx: EntityManager): Promise<void>;
}

export interface IntakeSteps<Fields, T> {
  readonly fields: Type<Fields & object>;
  /** Before the costly checks: whether it is wanted at all. */
  readonly isWanted: (sha256: string, fields: Fields) => Promise<void>;
  /** The transaction that calls `settle`. */
  readonly finish: (pdf: ArrivedPdf, fields: Fields) => Promise<T>;
}

/** The way of a file from the wire into the storage. Whatever ends it early takes file and reservation with it. */
@Injectable()
export class Intake {
  constructor(
    private readonly accounts: StorageAccounts,
    private readonly looseFiles: LooseFiles,
    private readonly incoming: IncomingFolder,
    private readonly storage: FileStorage,
    private readonly compute: StudyCompute,
    private readonly settings: Settings,
  ) {}

  async take<Fields extends object, T>(actor: Actor, form: UploadForm, steps: IntakeSteps<Fields, T>): Promise<T> {
    const file = await this.accounts.reserve(actor.id, this.roomFor(form), form.declaredBytes !== undefined);
    return this.carryOut(file, form, steps).finally(() => this.looseFiles.end(file));
  }

  private async carryOut<Fields extends object, T>(file: LooseFile, form: UploadForm, { fields: dto, isWanted, finish }: IntakeSteps<Fields, T>): Promise<T> {
    const { received, fields } = await form.read(dto, async (content, fileName) => {
      const checked = beginningAsPdf(atMost(this.settings.documentMaxBytes, content));
      return { ...(await this.incoming.receive(file.id, checked)), fileName: safeFileName(fileName) };
    });
    const { path, fileName, sha256, bytes } = received;
    await isWanted(sha256, fields);
    const { pages } = await this.compute.run('inspectPdf', { path });
    await this.storage.keep(file.id, path);
    return finish({ fileId: file.id, fileName, sha256, bytes, pages, settle: (tx) => this.accounts.settle(tx, file, bytes) }, fields);
  }

  private roomFor({ declaredBytes }: UploadForm): number {
    const { documentMaxBytes } = this.settings;
    if (declaredBytes !== undefined && declaredBytes > documentMaxBytes + FORM_BYTES) throw new FileTooLarge(documentMaxBytes);
    return Math.min(declaredBytes ?? documentMaxBytes, documentMaxBytes);
  }
}

async function* atMost(bytes: number, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const chunk of content) {
    read += chunk.length;
    if (read > bytes) throw new FileTooLarge(bytes);
    yield chunk;
  }
}

/** What is no PDF is refused after its first kilobyte. */
async function* beginningAsPdf(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let beginning: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of content) {
    if (!beginning) {
      yield chunk;
      continue;
    }
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length < MAGIC_WITHIN) continue;
    yield pdfOrNot(beginning);
    beginning = undefined;
  }
  if (beginning) yield pdfOrNot(beginning);
}

function pdfOrNot(beginning: Buffer): Buffer {
  if (!beginning.subarray(0, MAGIC_WITHIN).includes(MAGIC)) throw new NoPdf();
  return beginning;
}
