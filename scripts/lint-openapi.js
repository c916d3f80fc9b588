import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withService } from './built-service.js';

/** Lints the OpenAPI document of the built service with both linters, in each version in which it is served. */
const VERSIONS = ['3.1.0', '3.0.3'];
const folder = mkdtempSync(join(tmpdir(), 'provost-lint-'));
const documents = await withService(undefined, (url) => Promise.all(VERSIONS.map((version) => fetched(url, version))));
for (const document of documents) {
  await Promise.all([
    lint('node_modules/@redocly/cli/bin/cli.js', 'lint', document, '--config', 'redocly.yaml'),
    lint('test/clients/node_modules/@stoplight/spectral-cli/dist/index.js', 'lint', document, '--ruleset', 'spectral.yaml', '--fail-severity', 'warn'),
  ]);
}
rmSync(folder, { recursive: true });

async function fetched(url, version) {
  const file = join(folder, `openapi-${version}.json`);
  const answer = await fetch(`${url}/docs-json?version=${version}`);
  // Over many lines, so that the linters can show the place of an error.
  writeFileSync(file, JSON.stringify(await answer.json(), null, 2));
  return file;
}

async function lint(...command) {
  const linter = spawn(process.execPath, command, { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }, stdio: 'inherit' });
  const [code] = await once(linter, 'exit');
  if (code !== 0) process.exitCode = 1;
}
