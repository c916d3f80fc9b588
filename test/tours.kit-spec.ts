import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BuiltService, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import { textPdf } from './support/pdf.js';
import type { Scratch } from './support/scratch-database.js';
import { canTakeTours, tourOf } from './support/tour.js';

const FOLDERS = ['docs', 'clients', 'deploy', 'docker'].filter((folder) => existsSync(folder));
const WRITTEN = FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)));
const DOCUMENTS = ['README.md', ...WRITTEN.filter((file) => file.endsWith('.md') && !file.includes('node_modules'))];

describe('the documents', () => {
  it('name files and headings that exist', () => {
    expect(DOCUMENTS.flatMap(deadLinks)).toEqual([]);
  });

  if (canTakeTours) {
    describe('take tours on which everything happens as they say', () => {
      let scratch: Scratch;
      let service: BuiltService;
      beforeAll(async () => {
        scratch = await migratedDatabase();
        service = await BuiltService.start(environmentOf(scratch));
      });
      afterAll(async () => {
        await service.stop();
        await scratch.drop();
      });

      it('through moving from another system: all sign in with the password that they had', async () => {
        const stdout = await tourOf('docs/migration.md', service.url, scratch);
        expect(stdout).toContain('6 rows: 6 would be made, 0 would fail; nothing was written.');
        expect(stdout).toContain('6 rows, 6 made, 0 failed.');
        expect(stdout.match(/"username":"\w+"/g)).toEqual(['dora', 'lars', 'bert', 'dina', 'ivan', 'kim'].map((name) => `"username":"${name}"`));
        expect(stdout).toMatch(/"accepted":1,"duplicates":0,.*"accepted":0,"duplicates":1,.*"createdAt":"2024-05-01T12:00:00.000Z"/);
      }, 240_000);

      it('through what an application asks: who it is, what is left, and not after they signed out', async () => {
        const [registered, token, key, nonsense, ...rest] = (await tourOf('docs/integration.md', service.url, scratch)).split(/\n|(?<=\})(?=\{)/).filter((line) => line !== '').map((line) => JSON.parse(line) as object);
        expect(registered).toMatchObject({ user: { username: 'grace' } });
        expect(token).toMatchObject({ active: true, kind: 'user', limits: [{ used: 0 }] });
        expect(key).toMatchObject({ active: true, scopes: ['usage:read', 'messages:write'], limits: [{ used: 1 }] });
        expect(nonsense).toEqual({ active: false, reason: 'api-keys.invalid' });
        expect(rest).toMatchObject([
          { data: expect.any(Array) as object }, { active: true, scope: expect.stringContaining('usage:consume') as string, aud: 'provost:user' },
          { limits: [{ used: 2 }] }, { status: 'settled' }, { accepted: 1 }, { active: false, reason: 'auth.session-ended' },
        ]);
      }, 240_000);

      it('through a study evening, with a book', async () => {
        const book = textPdf(['A basis of a vector space', 'has as many vectors as every other one.', 'That number is its dimension.', 'It may be infinite.']);
        const folder = scratch.settings.dataDir!;
        writeFileSync(join(folder, 'book.pdf'), book);
        const lines = (await tourOf('docs/study.md', service.url, scratch)).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as object);
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
      }, 240_000);
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
