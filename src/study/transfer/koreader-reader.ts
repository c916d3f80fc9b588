import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { Problem } from '../../platform/problems/problem.js';
import type { KoreaderAnswer, KoreaderFile } from './koreader-file.js';
import { KoreaderRefused } from './transfer.problems.js';

/** The file that the reading process runs; processes load built files only. */
export const KOREADER_PROCESS = Symbol('KOREADER_PROCESS');

const MAGIC = Buffer.from('SQLite format 3\0');
const SECONDS = 20;
const MEMORY_MIB = 256;
const LONGEST_ANSWER = 64 * 1024 * 1024;
const AT_ONCE = 2;

const REFUSALS = {
  tables: 'This file has no tables book and page_stat_data as KOReader makes them.',
  'too-many': 'This file has more than 5,000 books or 500,000 pages that were looked at.',
  unreadable: 'This file is not a database that can be read.',
} as const;

/** Reads the statistics of KOReader out of a file of which nothing is believed. */
@Injectable()
export class KoreaderReader {
  private running = 0;

  constructor(
    private readonly settings: Settings,
    @Inject(KOREADER_PROCESS) private readonly script: URL,
  ) {}

  async read(file: AsyncIterable<Buffer>): Promise<KoreaderFile> {
    if (this.running >= AT_ONCE) throw new Problem('unavailable', 'study.koreader-busy', 'Other such files are being read at the moment; try again in a while.', { retryAfterSeconds: SECONDS });
    this.running += 1;
    const folder = await mkdtemp(join(this.settings.dataDir, 'koreader-'));
    try {
      const path = join(folder, 'statistics.sqlite3');
      await pipeline(Readable.from(file), createWriteStream(path, { mode: 0o600 }));
      await demandMagic(path);
      return await this.carryOut(path, folder);
    } finally {
      this.running -= 1;
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async carryOut(path: string, cwd: string): Promise<KoreaderFile> {
    const answer = await execute(this.script, path, cwd);
    if (answer.refused !== undefined) throw new KoreaderRefused(REFUSALS[answer.refused]);
    return answer;
  }
}

async function execute(script: URL, path: string, cwd: string): Promise<KoreaderAnswer> {
  const options = { cwd, env: {}, timeout: SECONDS * 1000, killSignal: 'SIGKILL', maxBuffer: LONGEST_ANSWER } as const;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [`--max-old-space-size=${MEMORY_MIB}`, fileURLToPath(script), path], options);
    return JSON.parse(stdout) as KoreaderAnswer;
  } catch (error) {
    throw new KoreaderRefused(`This file could not be read within ${SECONDS} s and ${MEMORY_MIB} MB.`, error);
  }
}

async function demandMagic(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    if (bytesRead !== MAGIC.length || !buffer.equals(MAGIC)) throw new KoreaderRefused(REFUSALS.unreadable);
  } finally {
    await file.close();
  }
}
