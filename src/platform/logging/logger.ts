import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** Names under which secrets travel; whatever is logged under them shows as [redacted]. */
const SECRETS = ['password', 'currentPassword', 'newPassword', 'accessToken', 'refreshToken', 'token', 'apiKey', 'key', 'secret', 'authorization', 'cookie', 'messages', 'content'];

export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    serializers: { err: withoutParameters },
  });
}

/** An error for the log. SQL parameters stay out: they hold what users wrote. */
function withoutParameters(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, code } = error as Error & { code?: string };
  return { name, message, code, stack };
}

/** Nest's log calls as pino lines. */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: 'info' | 'warn' | 'error' | 'debug' | 'trace' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    // Nest's own boot chatter (every module, every route) is for debugging Nest.
    const shown = level === 'info' && typeof context === 'string' && QUIET.has(context) ? 'debug' : level;
    if (typeof message === 'object' && message !== null) this.pino[shown]({ ...message, context }, typeof rest[0] === 'string' && rest.length > 1 ? rest[0] : undefined);
    else this.pino[shown]({ context }, String(message));
  }
}

const QUIET = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);
