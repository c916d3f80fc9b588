import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { Breaker } from './breaker.js';
import { ProvostError, Unavailable } from './errors.js';
import type { Settings } from './options.js';

/** A request to Provost; `path` is below `/api/v1` unless it begins with `/.well-known`. */
export interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON text, or what becomes it. */
  readonly body?: string | object;
  readonly headers?: Record<string, string>;
  /** Makes sense of the body of a 2xx; undefined where that is not what was promised. */
  readonly read: (body: unknown) => T | undefined;
  readonly timeoutMs?: number;
}

export interface Answer<T> {
  readonly value: T;
  readonly headers: Headers;
}

type Headers = Record<string, string | string[] | undefined>;

/** Provost said no, in a way that is no failure of its own. */
export class Refusal extends ProvostError {
  constructor(
    status: number,
    readonly problem: Record<string, unknown>,
    readonly answerHeaders: Headers,
  ) {
    super(status, textOf(problem.code) ?? `http-${status}`, textOf(problem.detail) ?? `Provost answered ${status}.`);
  }
}

const ATTEMPTS = 3;
const ATTEMPT_MS = 1000;
const CALL_MS = 2000;
const FIRST_PAUSE_MS = 50;
const CONNECTIONS = 32;
const COMPLAIN_MS = 60_000;
/** Provost answers in kilobytes; whoever sends more is somebody else. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Speaks HTTP to Provost over connections that stay open. */
export class Wire {
  private readonly pool: Pool;
  private readonly breaker: Breaker;
  private readonly base: string;
  private complainedAt = -Infinity;

  constructor(private readonly settings: Settings) {
    this.pool = new Pool(settings.url.origin, { connections: CONNECTIONS, connect: { timeout: ATTEMPT_MS } });
    this.breaker = new Breaker(settings.time);
    this.base = settings.url.pathname.replace(/\/$/, '');
  }

  /** For what may be repeated: tries again within two seconds, unless Provost has been failing for a while. */
  async call<T>(call: Call<T>): Promise<Answer<T>> {
    const { time } = this.settings;
    const deadline = time.steady() + CALL_MS;
    for (let attempt = 1; ; attempt += 1) {
      this.breaker.admit();
      try {
        const answer = await this.attempt({ ...call, timeoutMs: Math.min(ATTEMPT_MS, deadline - time.steady()) });
        this.breaker.succeeded();
        return answer;
      } catch (error) {
        const pauseMs = this.pauseAfter(error, attempt);
        if (pauseMs === undefined || time.steady() + pauseMs >= deadline) throw error;
        await sleep(pauseMs);
      }
    }
  }

  /** A call that Provost has no reason to refuse to us: if it does, that is not the fault of whoever is calling the application. */
  async demand<T>(call: Call<T>): Promise<Answer<T>> {
    try {
      return await this.call(call);
    } catch (error) {
      throw error instanceof Refusal ? this.explained(error) : error;
    }
  }

  /** Once. Throws a `Refusal` for 4xx, `Unavailable` for all else that is no good answer. */
  async attempt<T>({ method, path, body, headers, read, timeoutMs = ATTEMPT_MS }: Call<T>): Promise<Answer<T>> {
    const { statusCode, headers: answered, text } = await this.send(method, path, body, headers, timeoutMs);
    const plain = parsed(text);
    if (statusCode >= 500) throw new Unavailable('provost.unavailable', `Provost answers ${statusCode} at the moment; try again shortly.`, secondsOf(answered) ?? 1);
    if (statusCode >= 400) throw new Refusal(statusCode, isRecord(plain) ? plain : {}, answered);
    const value = statusCode >= 200 && statusCode < 300 ? read(plain) : undefined;
    if (value === undefined) throw new Unavailable('provost.bad-answer', 'What answers at the address of Provost is not Provost, or a version that this middleware does not know.', 1);
    return { value, headers: answered };
  }

  /** What a refusal of ours means for the client: 503, never its status. The operator hears of it, not more than once a minute. */
  explained(refusal: Refusal): Unavailable {
    const { status, code, detail, answerHeaders } = refusal;
    if (status === 429) return new Unavailable('provost.busy', 'Provost is asked too often at the moment; try again shortly.', secondsOf(answerHeaders) ?? 1, refusal);
    const cause = new Error(`Provost refuses this application: ${status} ${code}: ${detail}`, { cause: refusal });
    this.complain(cause);
    return new Unavailable('provost.misconfigured', 'Who is calling cannot be checked at the moment.', 10, cause);
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async send(method: 'GET' | 'POST', path: string, body: string | object | undefined, headers: Record<string, string> | undefined, timeoutMs: number): Promise<{ statusCode: number; headers: Headers; text: string }> {
    const place = path.startsWith('/.well-known') ? this.base + path : `${this.base}/api/v1${path}`;
    const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const sent = { authorization: `Bearer ${this.settings.serviceKey}`, accept: 'application/json', ...(content !== undefined && { 'content-type': 'application/json' }), ...headers };
    try {
      const answer = await this.pool.request({ method, path: place, headers: sent, body: content, signal: AbortSignal.timeout(Math.max(1, timeoutMs)) });
      return { statusCode: answer.statusCode, headers: answer.headers, text: await bounded(answer.body) };
    } catch (error) {
      throw new Unavailable('provost.unavailable', 'Provost does not answer at the moment; try again shortly.', 1, error);
    }
  }

  private complain(error: Error): void {
    const now = this.settings.time.steady();
    if (now - this.complainedAt < COMPLAIN_MS) return;
    this.complainedAt = now;
    this.settings.onError(error);
  }

  /** Tells the breaker, and answers how long to wait before the next attempt; undefined where there is none. */
  private pauseAfter(error: unknown, attempt: number): number | undefined {
    if (!(error instanceof Unavailable)) {
      this.breaker.succeeded();
      return undefined;
    }
    this.breaker.failed();
    if (attempt === ATTEMPTS) return undefined;
    const told = error.retryAfterSeconds > 1 ? error.retryAfterSeconds * 1000 : 0;
    return told + jitter(FIRST_PAUSE_MS * 2 ** attempt);
  }
}

/** From nothing to all of it (“full jitter”): callers that failed together do not come back together. */
export function jitter(mostMs: number): number {
  return randomInt(Math.max(1, Math.ceil(mostMs)));
}

export function secondsOf({ 'retry-after': told }: Headers): number | undefined {
  const seconds = Number(told);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`More than ${MOST_BYTES} bytes were answered`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
