import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed } from '../output.js';
import type { Step, Tally } from './tally.js';

const ATTEMPTS = 12;
const LONGEST_PAUSE_MS = 5000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** Whether an earlier attempt may have been carried out already. */
  readonly repeated: boolean;
}

interface Message {
  method?: 'GET' | 'POST';
  credential?: string;
  body?: object;
  headers?: Record<string, string>;
}

/** Speaks HTTP to a running Provost, as any application would: keeps connections, and waits out a 503 or a lost one. */
export class ProvostClient {
  constructor(
    private readonly url: string,
    private readonly tally: Tally,
    private readonly attempts = ATTEMPTS,
  ) {}

  async send(step: Step, path: string, message: Message): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const started = performance.now();
      const response = await this.attempt(path, message);
      if (response instanceof Response && (response.status !== 503 || attempt === this.attempts)) {
        const body = await bodyOf(response);
        this.tally.took(step, performance.now() - started);
        return { status: response.status, body, repeated: attempt > 1 };
      }
      if (attempt === this.attempts) throw new CommandFailed(`${this.url} does not answer: ${reasonOf(response)}`);
      this.tally.retries += 1;
      await sleep(pauseBefore(attempt, response));
    }
  }

  private async attempt(path: string, { method = 'POST', credential, body, headers }: Message): Promise<Response | Error> {
    const request = {
      method,
      headers: {
        ...headers,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    };
    try {
      return await fetch(`${this.url}/api/v1${path}`, request);
    } catch (error) {
      return error as Error;
    }
  }
}

/** The server's own word, or 100 ms and twice as long each time. */
function pauseBefore(attempt: number, response: Response | Error): number {
  const told = response instanceof Response ? Number(response.headers.get('retry-after')) * 1000 : 0;
  return Math.min(LONGEST_PAUSE_MS, told > 0 ? told : 100 * 2 ** (attempt - 1));
}

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { code: `http-${response.status}`, detail: text.slice(0, 200) };
  }
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
