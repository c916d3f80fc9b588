import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltService, environmentOf } from './support/built.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

const README = readFileSync('README.md', 'utf8');
const canRunTheTour = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);
if (!canRunTheTour) process.stderr.write('There is no bash or no curl here; the tour of the README is left out.\n');

describe('the README', () => {
  it('names files that exist', () => {
    for (const document of ['README.md', 'docs/architecture.md', 'docs/database.md']) {
      const targets = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => join(dirname(document), target!));
      expect(targets.filter((target) => !existsSync(target))).toEqual([]);
    }
  });

  it('names scripts and commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = [...README.matchAll(/npm run (?!-)([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  if (canRunTheTour) {
    describe('takes a tour on which everything happens as it says', () => {
      let scratch: Scratch;
      let service: BuiltService;
      beforeAll(async () => {
        scratch = await scratchDatabase();
        service = await BuiltService.start(environmentOf(scratch));
      });
      afterAll(async () => {
        await service.stop();
        await scratch.drop();
      });

      it('in one shell, one block after the other', async () => {
        const tour = README.slice(README.indexOf('<!-- tour'), README.indexOf('<!-- end of tour'));
        const script = [...tour.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block).join('\n').replace('http://127.0.0.1:3000', service.url);
        const folder = scratch.settings.dataDir!;
        const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });
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
    });
  }
});
