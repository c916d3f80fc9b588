import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltService, cli, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';

/** Public conversations: where .ci/run says, or beside this repository; who has none does without. */
const BESIDE = '../shared/data/conversations.jsonl';
const REAL = process.env.REAL_CONVERSATIONS ?? (existsSync(BESIDE) ? BESIDE : undefined);
if (!REAL) process.stderr.write('The 430 public conversations are not here; the replay of them is left out.\n');

/** Every replay is a process of its own, and this machine may be busy. */
const PATIENCE_MS = 180_000;

const SENTENCES = [
  'How long does bread dough rest in a cold kitchen?',
  'يُكتب هذا السطر من اليمين إلى اليسار، ثم the order turns around.',
  'A family 👨‍👩‍👧‍👦, a flag 🇪🇺, and a letter with two marks: ệ.',
  'Quotes " and \\ and a line break\nand a separator\u2028and a tab\t end.',
  '数え方は一つではありません。',
];

describe('a replay through the built service', () => {
  let scratch: Scratch;
  let service: BuiltService;
  let file: string;

  beforeAll(async () => {
    scratch = await migratedDatabase();
    service = await BuiltService.start(environmentOf(scratch));
    file = join(scratch.settings.dataDir!, 'conversations.jsonl');
    writeFileSync(file, hundredConversations());
  });
  afterAll(async () => {
    await service.stop();
    await scratch.drop();
  });

  const replay = (path: string, ...options: string[]): ReturnType<typeof cli> => cli(['replay', path, '--url', service.url, ...options]);

  it('reads back every row that was acknowledged, word for word', async () => {
    const { code, stdout } = await replay(file);
    expect(stdout).toContain('Whole: rows read back = 100, rows acknowledged = 100; every text is the same.');
    expect(stdout).toMatch(/refused by limit +0\n/);
    expect(stdout).toMatch(/failed +0\n/);
    expect(code).toBe(0);
  }, PATIENCE_MS);

  it('reports duplicates when it is repeated under the same name, and stores nothing twice', async () => {
    const again = ['--run', 'twice', '--password', 'correct horse battery 9', '--limit', '20', '--users', '3'];
    expect((await replay(file, ...again)).stdout).toMatch(/acknowledged +20\nof these duplicates +0\n/);
    const { code, stdout } = await replay(file, ...again);
    expect(stdout).toMatch(/acknowledged +20\nof these duplicates +20\n/);
    expect(stdout).toContain('rows read back = 20, rows acknowledged = 20');
    expect(code).toBe(0);
  }, PATIENCE_MS);

  it('counts what the daily limit refuses, and does not post it', async () => {
    const long = join(scratch.settings.dataDir!, 'long.jsonl');
    writeFileSync(long, Array.from({ length: 105 }, (_, id) => conversation(id, 'Short.')).join('\n'));
    const { code, stdout } = await replay(long, '--users', '1');
    expect(stdout).toMatch(/acknowledged +100\n/);
    expect(stdout).toMatch(/refused by limit +5\n +usage\.limit-reached +5\n/);
    expect(code).toBe(0);
  }, PATIENCE_MS);

  it('keeps to the pace it was given', async () => {
    const started = performance.now();
    expect((await replay(file, '--limit', '11', '--users', '1', '--rate', '20')).code).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(500);
  }, PATIENCE_MS);

  it('says what is wrong with its input or its target, and fails', async () => {
    const broken = join(scratch.settings.dataDir!, 'broken.jsonl');
    for (const [text, sentence] of [
      [`${conversation(1, 'Fine.')}\nnot json`, 'line 2 is not JSON'],
      ['{"id": 1, "model": "m"}', 'needs id, model and messages'],
      [`${conversation(1, 'Once.')}\n${conversation(1, 'Twice.')}`, 'was there before'],
      ['\n\n', 'no conversations'],
    ]) {
      writeFileSync(broken, text!);
      expect(await replay(broken)).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence!) });
    }
    expect(await replay('nowhere.jsonl')).toMatchObject({ code: 1, stderr: expect.stringContaining('no file') });
  }, PATIENCE_MS);

  if (REAL) {
    it('reads back all 430 of the public conversations', async () => {
      const { code, stdout } = await replay(REAL);
      expect(stdout).toContain('Whole: rows read back = 430, rows acknowledged = 430; every text is the same.');
      expect(code).toBe(0);
    }, PATIENCE_MS);
  }
});

function conversation(id: number, content: string): string {
  return JSON.stringify({ id, model: 'test-model', messages: [{ role: 'user', content }, { role: 'assistant', content: `${content} That is all.` }] });
}

/** One of them long, all different. */
function hundredConversations(): string {
  return Array.from({ length: 100 }, (_, id) => conversation(id, id === 50 ? 'A long answer goes on. '.repeat(20_000) : `${id}: ${SENTENCES[id % SENTENCES.length]}`)).join('\n');
}
