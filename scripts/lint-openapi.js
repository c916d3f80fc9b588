import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts the built service on a free port and an empty database, and lints its OpenAPI document in each version that it serves. */
const VERSIONS = ['3.1.0', '3.0.3'];
const folder = mkdtempSync(join(tmpdir(), 'provost-openapi-'));
const service = spawn(process.execPath, ['dist/main.js'], {
  env: { ...process.env, PORT: '0', DATA_DIR: folder, DATABASE_URL: '', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await urlOf(service);
  for (const version of VERSIONS) {
    const document = join(folder, `openapi-${version}.json`);
    const answer = await fetch(`${url}/docs-json?version=${version}`);
    // Over many lines, so that the linters can show the place of an error.
    writeFileSync(document, JSON.stringify(await answer.json(), null, 2));
    await Promise.all([
      lint('node_modules/@redocly/cli/bin/cli.js', 'lint', document, '--config', 'redocly.yaml'),
      lint('test/clients/node_modules/@stoplight/spectral-cli/dist/index.js', 'lint', document, '--ruleset', 'spectral.yaml', '--fail-severity', 'warn'),
    ]);
  }
} finally {
  service.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function lint(...command) {
  const linter = spawn(process.execPath, command, { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }, stdio: 'inherit' });
  const [code] = await once(linter, 'exit');
  if (code !== 0) process.exitCode = 1;
}

async function urlOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /serving at (\S+)/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The service did not start.');
}
