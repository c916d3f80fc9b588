import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltService, environmentOf } from './support/built.js';
import { textPdf } from './support/pdf.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

const FOLDERS = ['docs', 'clients', 'deploy', 'docker'].filter((folder) => existsSync(folder));
const WRITTEN = FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)));
const DOCUMENTS = ['README.md', ...WRITTEN.filter((file) => file.endsWith('.md') && !file.includes('node_modules'))];
const canRunTheTour = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);
if (!canRunTheTour) process.stderr.write('There is no bash or no curl here; the tours of the documents are left out.\n');

describe('the documents', () => {
  it('name files and headings that exist', () => {
    expect(DOCUMENTS.flatMap(deadLinks)).toEqual([]);
  });

  it('name scripts and commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = DOCUMENTS.flatMap((document) => [...readFileSync(document, 'utf8').matchAll(/npm run (?!-)([\w:]+)/g)].map(([, name]) => name!));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  if (canRunTheTour) {
    describe('take tours on which everything happens as they say', () => {
      let scratch: Scratch;
      let service: BuiltService;
      let folder: string;
      beforeAll(async () => {
        scratch = await scratchDatabase();
        service = await BuiltService.start(environmentOf(scratch));
        folder = scratch.settings.dataDir!;
      });
      afterAll(async () => {
        await service.stop();
        await scratch.drop();
      });

      /** In one shell, one block after the other; answers what it prints. */
      async function tourOf(document: string): Promise<string> {
        const text = readFileSync(document, 'utf8');
        const tour = text.slice(text.indexOf('<!-- tour'), text.indexOf('<!-- end of tour'));
        const script = [...tour.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block).join('\n').replace('http://127.0.0.1:3000', service.url);
        const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });
        return stdout;
      }

      it('through the README', async () => {
        const stdout = await tourOf('README.md');
        expect(stdout).toContain('"username":"ada"');
        expect(stdout).toContain('"permissions":[');
        expect(stdout).toMatch(/ratelimit: "conversations";r=99;/i);
        expect(stdout).toContain('{"accepted":1,"duplicates":0,"rejected":[]');
        expect(stdout).toContain('"content":"Why is the sky blue?"');
        expect(stdout).toContain('"decidedBy":"default-plan"');
        expect(stdout).toMatch(/"results":13,.*"failed":0/);
        expect(stdout).toMatch(/"settings":\{"Time":8[67]\./);
        expect(readFileSync(join(folder, 'yield.svg'), 'utf8')).toMatch(/^<svg[^]*<desc/);
      });

      it('through a study evening, with a book', async () => {
        const book = textPdf(['A basis of a vector space', 'has as many vectors as every other one.', 'That number is its dimension.', 'It may be infinite.']);
        writeFileSync(join(folder, 'book.pdf'), book);
        const lines = (await tourOf('docs/study.md')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as object);
        const hit = { title: 'The book', page: 1, snippet: expect.stringContaining('basis') as string };
        const running = { status: 'running', timeZone: 'Europe/Berlin', intervals: [{ endedBy: 'pause' }, { endedBy: null }] };
        expect(lines).toMatchObject([
          { user: { username: 'mary' } }, { timeZone: 'Europe/Berlin' }, { dailyGoalMinutes: 45 },
          { state: 'ready', pages: 4, pagesWithText: 4 }, { pages: [{ text: 'A basis of a vector space' }] }, { data: [hit] }, { reading: { unit: 'word', sessions: 0 }, habit: { from: 'goal' } },
          { status: 'paused' }, running, { state: 'new' }, { state: 'new' }, { total: 2 }, { state: 'learning', version: 2 }, { total: 1 },
          { status: 'finished', pages: 2, words: 14 }, 2, { origin: 'manual', pages: 3 },
          { streak: { current: 2 }, total: { sessions: 2, pages: 5 }, topics: [{ name: 'Mathematics' }] }, { progressPage: 3, reading: { sessions: 1 } }, { compared: 0 },
        ]);
        const rows = ['sessions.csv', 'exercises.ndjson', 'reviews.csv'].map((file) => readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/).length);
        expect(rows).toEqual([3, 2, 2]);
        expect(readFileSync(join(folder, 'copy.pdf'))).toEqual(book);
        expect(readFileSync(join(folder, 'beginning.bin'))).toEqual(book.subarray(0, 1024));
      });
    });
  }
});

/** `document: target` of every link that leads nowhere, headings included. */
function deadLinks(document: string): string[] {
  const links = [...proseOf(document).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link]) => link!);
  return links.filter((link) => !leadsSomewhere(document, link)).map((link) => `${document}: ${link}`);
}

function leadsSomewhere(document: string, link: string): boolean {
  const [path, heading] = link.split('#') as [string, string?];
  const target = path === '' ? document : join(dirname(document), path);
  return existsSync(target) && (heading === undefined || headingsOf(target).has(heading));
}

/** As Git hosts make them: lower case, without punctuation, dashes for spaces. */
function headingsOf(document: string): Set<string> {
  const headings = [...proseOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return new Set(headings.map((heading) => heading.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')));
}

/** Without blocks of code, in which brackets mean something else. */
function proseOf(document: string): string {
  return readFileSync(document, 'utf8').replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => code.slice(1, -1).replace(/[[\]()]/g, ''));
}
