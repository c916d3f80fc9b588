import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { environmentOf } from './built.js';
import type { Scratch } from './scratch-database.js';

export const canTakeTours = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);
if (!canTakeTours) process.stderr.write('There is no bash or no curl here; the tours of the documents are left out.\n');

/** The command line of this repository, from wherever it is called. */
const NPX = 'npx() { shift; node "$PROVOST_CLI" "$@"; }\n';

/** Runs the blocks of a document's tour in one shell, one after the other, in the scratch's folder; answers what they print. */
export async function tourOf(document: string, url: string, scratch: Scratch): Promise<string> {
  const text = readFileSync(document, 'utf8');
  const tour = text.slice(text.indexOf('<!-- tour'), text.indexOf('<!-- end of tour'));
  const script = [...tour.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block).join('\n').replace('http://127.0.0.1:3000', url);
  const env = { ...process.env, ...environmentOf(scratch), PROVOST_CLI: resolve('dist/cli/provost.js') };
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', `${NPX}${script}`], { cwd: scratch.settings.dataDir, env });
  return stdout;
}
