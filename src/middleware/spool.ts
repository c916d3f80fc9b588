import { constants } from 'node:fs';
import { appendFile, type FileHandle, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Unavailable } from './errors.js';
import type { Ids } from './ids.js';
import type { SpoolOptions } from './options.js';

/** A file that nobody writes to any more. */
export interface Segment {
  readonly name: string;
  readonly bytes: number;
}

interface Waiting {
  readonly line: string;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface OpenSegment {
  readonly path: string;
  readonly handle: FileHandle;
  readonly inode: bigint;
  bytes: number;
}

const OPEN = '.open';
const SEALED = '.sealed';
const REJECTED = '.rejected';
const SEGMENT_BYTES = 4 * 1024 * 1024;
const LARGEST_BATCH = 1000;

/**
 * Lines on the disk, in files that are only appended to. What `append` has returned from survives the end of the process, and of the
 * machine where its disk keeps what it said it had written. Several processes may share the folder: renaming an open file is the claim
 * to it, and its writer, who looks for the name after each sync, then writes the same lines elsewhere before anybody is answered.
 */
export class Spool {
  private readonly sealed: Segment[] = [];
  private readonly waiting: Waiting[] = [];
  private current?: OpenSegment;
  private bytes = 0;
  /** Whatever touches the open file is done in turn. */
  private turn: Promise<unknown> = Promise.resolve();
  private isWriting = false;

  private constructor(
    private readonly options: Required<SpoolOptions>,
    private readonly ids: Ids,
  ) {}

  /** Takes over what is in the folder. */
  static async open(options: Required<SpoolOptions>, ids: Ids): Promise<Spool> {
    const spool = new Spool(options, ids);
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    for (const file of (await readdir(options.folder)).sort()) await spool.adopt(file);
    return spool;
  }

  /** Comes back when the line is on the disk. */
  append(line: string): Promise<void> {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.bytes + bytes > this.options.maxBytes) return Promise.reject(new SpoolFull());
    this.bytes += bytes;
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, bytes, resolve, reject });
      if (!this.isWriting) void this.writeAll();
    });
  }

  /** The oldest file that is complete; the one being written is completed if there is no other. */
  async oldest(): Promise<Segment | undefined> {
    if (this.sealed.length === 0) await this.inTurn(() => this.seal());
    return this.sealed[0];
  }

  /** Its lines. A last one without its end was never acknowledged. */
  async read({ name }: Segment): Promise<string[]> {
    const text = await readFile(join(this.options.folder, name), 'utf8').catch(unlessMissing);
    return (text ?? '').split('\n').slice(0, -1).filter((line) => line !== '');
  }

  /** All of it has arrived. */
  async remove(segment: Segment): Promise<void> {
    await unlink(join(this.options.folder, segment.name)).catch(unlessMissing);
    this.sealed.splice(this.sealed.indexOf(segment), 1);
    this.bytes -= segment.bytes;
  }

  /** Keeps a line that Provost will not have, and why, out of the way of the others. */
  async setAside({ name }: Segment, line: string, problem: unknown): Promise<void> {
    const text = `${JSON.stringify({ problem, line })}\n`;
    await appendFile(join(this.options.folder, name.replace(SEALED, REJECTED)), text, { mode: 0o600, flush: true });
    this.bytes += Buffer.byteLength(text);
  }

  close(): Promise<void> {
    return this.inTurn(() => this.seal());
  }

  private async adopt(file: string): Promise<void> {
    const { bytes } = await this.sizeOf(file);
    this.bytes += bytes;
    if (file.endsWith(REJECTED)) return;
    if (file.endsWith(SEALED)) this.sealed.push({ name: file, bytes });
    if (!file.endsWith(OPEN)) return;
    const name = sealedName(file);
    const claimed = await rename(join(this.options.folder, file), join(this.options.folder, name)).then(() => true, unlessMissing);
    // Its writer may have been at it until just now.
    if (claimed) this.sealed.push({ name, bytes });
  }

  private async sizeOf(file: string): Promise<{ bytes: number }> {
    const found = await stat(join(this.options.folder, file)).catch(unlessMissing);
    return { bytes: found?.size ?? 0 };
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    // Those who come in the same moment share the first sync, too.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, LARGEST_BATCH);
      await this.inTurn(() => this.write(batch)).then(
        () => batch.forEach(({ resolve }) => resolve()),
        (error: unknown) => this.fail(batch, error),
      );
    }
    this.isWriting = false;
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const text = batch.map(({ line }) => `${line}\n`).join('');
    for (;;) {
      const file = (this.current ??= await this.begin());
      await file.handle.appendFile(text);
      await file.handle.datasync();
      if (await isStillThere(file)) {
        file.bytes += Buffer.byteLength(text);
        if (file.bytes >= SEGMENT_BYTES) await this.seal();
        return;
      }
      // Somebody who starts has claimed it, and may have read it before these lines were there.
      await this.lose(file);
    }
  }

  private async fail(batch: readonly Waiting[], cause: unknown): Promise<void> {
    for (const { bytes, reject } of batch) {
      this.bytes -= bytes;
      reject(new SpoolFull(cause));
    }
    // Half a line may be at its end; whatever follows must not be glued to it.
    await this.inTurn(() => this.seal()).catch(() => this.leave());
  }

  private async begin(): Promise<OpenSegment> {
    const { folder } = this.options;
    const path = join(folder, this.ids.next() + OPEN);
    const handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_WRONLY, 0o600);
    await syncFolder(folder);
    return { path, handle, inode: (await handle.stat({ bigint: true })).ino, bytes: 0 };
  }

  private async seal(): Promise<void> {
    const file = this.current;
    if (!file) return;
    const name = sealedName(file.path);
    const isOurs = await rename(file.path, name).then(() => true, unlessMissing);
    if (!isOurs) return this.lose(file);
    this.sealed.push({ name: basename(name), bytes: file.bytes });
    await this.leave();
  }

  /** What is in it is another's care now. */
  private async lose({ bytes }: OpenSegment): Promise<void> {
    this.bytes -= bytes;
    await this.leave();
  }

  private async leave(): Promise<void> {
    const file = this.current;
    this.current = undefined;
    await file?.handle.close();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** 503: the disk or `maxBytes` is used up; this log was not kept. */
export class SpoolFull extends Unavailable {
  constructor(cause?: unknown) {
    super('provost.spool-full', 'No more message logs can be kept until Provost takes those that wait.', 10, cause);
  }
}

function sealedName(open: string): string {
  return open.slice(0, -OPEN.length) + SEALED;
}

async function isStillThere({ path, inode }: OpenSegment): Promise<boolean> {
  const found = await stat(path, { bigint: true }).catch(unlessMissing);
  return found?.ino === inode;
}

/** A new file is there after a loss of power only when its folder is written, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}
