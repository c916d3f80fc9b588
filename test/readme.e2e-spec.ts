import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltService, environmentOf } from './support/built.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';
import { canTakeTours, tourOf } from './support/tour.js';

describe('the README', () => {
  it('names scripts and commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = [...readFileSync('README.md', 'utf8').matchAll(/npm run (?!-)([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  if (canTakeTours) {
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
        const stdout = await tourOf('README.md', service.url, scratch);
        expect(stdout).toContain('"username":"ada"');
        expect(stdout).toContain('"permissions":[');
        expect(stdout).toMatch(/ratelimit: "conversations";r=99;/i);
        expect(stdout).toContain('{"accepted":1,"duplicates":0,"rejected":[]');
        expect(stdout).toContain('"content":"Why is the sky blue?"');
        expect(stdout).toContain('"decidedBy":"default-plan"');
        expect(stdout).toMatch(/"results":13,.*"failed":0/);
        expect(stdout).toMatch(/"settings":\{"Time":8[67]\./);
        expect(readFileSync(join(scratch.settings.dataDir!, 'yield.svg'), 'utf8')).toMatch(/^<svg[^]*<desc/);
      });
    });
  }
});
