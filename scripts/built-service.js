import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Carries out work with the address of a running Provost: the one that is given, or else the built one on a free port and an empty database. */
export async function withService(given, work) {
  if (given) return work(given.replace(/\/$/, ''));
  const folder = mkdtempSync(join(tmpdir(), 'provost-openapi-'));
  const service = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, PORT: '0', DATA_DIR: folder, DATABASE_URL: '', PUBLIC_URL: '', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    return await work(await urlOf(service));
  } finally {
    service.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function urlOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /serving at (\S+)/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The service did not start.');
}
