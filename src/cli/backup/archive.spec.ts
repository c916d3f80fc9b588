import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type BackupLine, readArchive, readHeader, writeArchive } from './archive.js';

const HEADER = { version: '1.2.3', createdAt: '2026-03-02T12:00:00.000Z', engine: 'embedded', schema: ['Ground'], keyCheck: '00', olderKeys: [], rows: 2, keys: {} };
const LINES: BackupLine[] = [
  { table: 'notes', columns: ['id', 'text'] },
  [1, 'line\nbreak, \u2028 separator, 🦉 and "quotes"'],
  [2, null],
  { table: 'empty', columns: ['id'] },
];

describe('a backup file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'provost-archive-'));
    path = join(folder, 'backup.gz');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what was written, and is its owner’s alone', async () => {
    await writeArchive(path, HEADER, generate(LINES));
    expect(await readHeader(path)).toEqual({ provost: 'backup', format: 1, ...HEADER });
    expect(await collect(readArchive(path))).toEqual(LINES);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['backup.gz']);
  });

  it('is not there at all when its making failed half-way', async () => {
    await expect(writeArchive(path, HEADER, failing())).rejects.toThrow('the database went away');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves an older one in place when its making failed half-way', async () => {
    writeFileSync(path, 'older');
    await expect(writeArchive(path, HEADER, failing())).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('older');
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, -20), /torn/],
    ['without its end', (file: Buffer) => gzipSync(textOf(file).split('\n').slice(0, -2).join('\n')), /its end is missing/],
    ['with a row too few', (file: Buffer) => gzipSync(textOf(file).replace('[2,null]\n', '')), /its end is missing/],
    ['changed by a bit', (file: Buffer) => flipped(file), /torn/],
    ['plain text', () => Buffer.from('plain text'), /torn or no backup/],
    ['empty', () => gzipSync(''), /empty/],
    ['something else', () => gzipSync('{"some":"thing"}\n'), /no backup of Provost/],
    ['of a later format', (file: Buffer) => gzipSync(textOf(file).replace('"format":1', '"format":99')), /format 99/],
  ])('is refused when it is %s', async (_, change, sentence) => {
    await writeArchive(path, HEADER, generate(LINES));
    writeFileSync(path, change(readFileSync(path)));
    await expect(readAll()).rejects.toThrow(sentence);
  });

  it('says so when it does not exist', async () => {
    await expect(readAll()).rejects.toThrow(/There is no file/);
  });

  async function readAll(): Promise<void> {
    await readHeader(path);
    await collect(readArchive(path));
  }
});

async function* generate(lines: readonly BackupLine[]): AsyncGenerator<BackupLine> {
  yield* lines;
}

async function* failing(): AsyncGenerator<BackupLine> {
  yield* LINES;
  throw new Error('the database went away');
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function textOf(file: Buffer): string {
  return gunzipSync(file).toString();
}

/** A flipped bit in the checksum at the end. */
function flipped(file: Buffer): Buffer {
  const changed = Buffer.from(file);
  changed[changed.length - 8]! ^= 1;
  return changed;
}
