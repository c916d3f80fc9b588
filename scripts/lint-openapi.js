import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts the built service on a free port and an empty database, fetches its OpenAPI document and lints that. */
const folder = mkdtempSync(join(tmpdir(), 'provost-openapi-'));
const service = spawn(process.execPath, ['dist/main.js'], {
  env: { ...process.env, PORT: '0', DATA_DIR: folder, DATABASE_URL: '', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const document = join(folder, 'openapi.json');
  const answer = await fetch(`${await urlOf(service)}/docs-json`);
  // Over many lines, so that the linter can show the place of an error.
  writeFileSync(document, JSON.stringify(await answer.json(), null, 2));
  const linter = spawn(process.execPath, ['node_modules/@redocly/cli/bin/cli.js', 'lint', document, '--config', 'redocly.yaml'], {
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    stdio: 'inherit',
  });
  [process.exitCode] = await once(linter, 'exit');
} finally {
  service.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function urlOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /serving at (\S+)/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The service did not start.');
}
