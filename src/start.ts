import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { NewAdmin } from './admin/admins.service.js';
import { FirstAdmin } from './admin/first-admin.js';
import { createApp } from './app.setup.js';
import { loadSettings, SettingsError } from './platform/config/load-settings.js';
import type { Settings } from './platform/config/settings.js';
import { DatabaseUnreachable } from './platform/database/open-data-source.js';
import { Readiness } from './platform/health/readiness.js';
import { createLogger } from './platform/logging/logger.js';
import { VERSION } from './version.js';

/**
 * How much larger than what lives on it the heap grows before V8 collects it, in percent. By itself V8 lets it grow to more than
 * twice as much where there is memory (docs/decisions/0019-memory.md).
 */
const HEAP_GROWTH_PERCENT = 50;

/** Boots, listens, and stops cleanly on a signal. Ends the process with 1 and one clear line when it cannot start. */
export async function start(): Promise<void> {
  // What lies under DATA_DIR is for this user alone: keys, and on the embedded engine everything else.
  process.umask(0o077);
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  try {
    const settings = loadSettings();
    const logger = createLogger(settings.logLevel);
    const app = await createApp(settings, logger);
    const url = await listen(app, settings);
    stopOnSignal(app, settings, logger);
    greet(url, settings, app.get(FirstAdmin).made);
  } catch (error) {
    process.stderr.write(`provost: ${whyNot(error)}\n`);
    process.exit(1);
  }
}

async function listen(app: NestFastifyApplication, settings: Settings): Promise<string> {
  await app.listen(settings.port, settings.host);
  const address = app.getHttpServer().address() as { port: number };
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `http://${host}:${address.port}`;
}

function stopOnSignal(app: NestFastifyApplication, settings: Settings, logger: Logger): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping: finishing requests and writing what waits');
    setTimeout(() => {
      logger.error('the stop took too long; leaving what is left to the next start');
      process.exit(1);
    }, settings.shutdownSeconds * 1000).unref();
    app.get(Readiness).stop();
    // A kept-alive connection whose last request ends during the stop would hold the server open until it times out.
    const sweep = setInterval(() => app.getHttpServer().closeIdleConnections(), 50);
    await app.close();
    clearInterval(sweep);
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}

function greet(url: string, settings: Settings, first: NewAdmin | undefined): void {
  const lines = [
    `Provost ${VERSION} is serving at ${url}`,
    `  API document  ${url}/docs`,
    `  health        ${url}/health`,
    `  data          ${resolve(settings.dataDir)}${settings.databaseUrl ? ' (keys and spool; tables are in MySQL)' : ''}`,
  ];
  if (first) {
    const password = settings.adminPassword ? '(as set by ADMIN_PASSWORD)' : first.password;
    lines.push(`  first admin   ${first.admin.username}`, `  password      ${password}   shown once; sign-in asks for a new one`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function whyNot(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DatabaseUnreachable) return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${message}. Another program uses this port; choose one with PORT.`;
  if (code === 'EACCES') return `${message}. Check the rights of DATA_DIR, or choose a PORT above 1023.`;
  return stack ?? String(error);
}
