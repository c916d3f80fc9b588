import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { environmentOf } from './support/built.js';
import { scratchDatabase } from './support/scratch-database.js';

/** `dist/` is made of the modules in `build/`; people run the one, and most tests know the other. */
describe('the bundle', () => {
  let modules: Run;
  let bundle: Run;
  beforeAll(async () => {
    [modules, bundle] = await Promise.all([run('build/main.js'), run('dist/main.js')]);
  });

  it('says of itself what its modules say: the same operations, schemas and texts', () => {
    expect((JSON.parse(bundle.document) as { info: { title: string } }).info.title).toBe('Provost');
    expect(bundle.document).toBe(modules.document);
  });

  it('logs what its modules log, and nothing of what they keep to themselves', () => {
    expect(bundle.logged.length).toBeGreaterThan(0);
    expect(bundle.logged).toEqual(modules.logged);
  });

  it('has each program and thread where its module lies, and what the shell runs may be run', () => {
    const runs = ['main', 'cli/provost', 'cli/program', 'middleware/middleware', 'experiments/computing/compute-worker', 'study/computing/study-worker', 'study/transfer/koreader-process'];
    expect(runs.filter((path) => !existsSync(`build/${path}.js`) || !existsSync(`dist/${path}.js`))).toEqual([]);
    expect(statSync('dist/cli/provost.js').mode & 0o111).toBe(0o111);
  });

  it('ends without a word when nobody reads what it prints', async () => {
    const child = spawn(process.execPath, ['dist/cli/provost.js', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const complaints = child.stderr.toArray();
    const [code] = await once(child, 'exit');
    expect([code, Buffer.concat((await complaints) as Buffer[]).toString()]).toEqual([141, '']);
  });
});

interface Run {
  readonly document: string;
  /** What each line of the log says, without its time. */
  readonly logged: readonly string[];
}

/** Starts the service with this file, as people do, asks what it can do, and ends it. */
async function run(main: string): Promise<Run> {
  const scratch = await scratchDatabase();
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, PORT: '0', FIRST_ADMIN: 'false', LOG_REQUESTS: 'none', ...environmentOf(scratch) }, stdio: ['ignore', 'pipe', 'inherit'] });
  const logged: string[] = [];
  let document = '';
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /serving at (http\S+)/.exec(line)?.[1];
      if (line.startsWith('{')) logged.push((JSON.parse(line) as { msg: string }).msg);
      if (!url) continue;
      document = await (await fetch(`${url}/docs-json`)).text();
      child.kill();
    }
    return { document, logged };
  } finally {
    child.kill();
    await scratch.drop();
  }
}
