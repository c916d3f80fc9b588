import { isIP, type LookupFunction } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Agent, buildConnector, Dispatcher } from 'undici';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { VERSION } from '../../version.js';
import { Targets } from '../target/targets.js';
import type { Attempt } from '../webhook-delivery.entity.js';
import { signatureOf } from './signature.js';

const READ_BYTES = 4096;
const SHOWN_CHARACTERS = 500;

export interface Message {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly secrets: readonly string[];
}

/** Sends one message once, and tells what came of it; never throws. The HTTP client is loaded with the first: it takes 19 MiB. */
@Injectable()
export class Poster implements OnApplicationShutdown {
  private agent: Promise<Agent> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly targets: Targets,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await (await this.agent)?.destroy();
  }

  async post(message: Message): Promise<Attempt> {
    const at = this.clock.now();
    const started = performance.now();
    const ended = (result: Pick<Attempt, 'status' | 'error' | 'response'>): Attempt => ({ at: at.toISOString(), durationMs: Math.round(performance.now() - started), ...result });
    try {
      const answer = await this.send(message, Math.floor(at.getTime() / 1000));
      return ended({ status: answer.statusCode, error: failureOf(answer), response: await beginningOf(answer.body) });
    } catch (error) {
      return ended({ status: null, error: this.reasonOf(error), response: null });
    }
  }

  private async send({ id, url, body, secrets }: Message, timestamp: number): Promise<Dispatcher.ResponseData> {
    const { request } = await import('undici');
    return request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': `Provost/${VERSION}`,
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(secrets, id, timestamp, body),
      },
      body,
      dispatcher: await (this.agent ??= this.makeAgent()),
      // For everything from the look-up to the end of the answer.
      signal: AbortSignal.timeout(this.settings.webhookTimeoutSeconds * 1000),
    });
  }

  private async makeAgent(): Promise<Agent> {
    const { Agent, buildConnector } = await import('undici');
    const connect = this.connector(buildConnector({ timeout: this.settings.webhookTimeoutSeconds * 1000, lookup: this.lookup }));
    // Without pipelining no connection is kept: each attempt looks at the address anew.
    return new Agent({ connect, pipelining: 0, maxHeaderSize: 16_384 });
  }

  /** Connects to the very addresses that were looked at: whatever the name resolves to a moment later is not asked. */
  private readonly lookup: LookupFunction = (hostname, { all }, done) => {
    this.targets.addressesOf(hostname).then(
      (addresses) => (all ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family)),
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };

  private connector(connect: buildConnector.connector): buildConnector.connector {
    return (options, done) => {
      // Where the host is an address nothing is looked up.
      const looked = isIP(options.hostname) === 0 ? Promise.resolve([]) : this.targets.addressesOf(options.hostname);
      looked.then(() => connect(options, done), (error: Error) => done(error, null));
    };
  }

  private reasonOf(error: unknown): string {
    const { name, message, code } = error as NodeJS.ErrnoException;
    if (name === 'TimeoutError') return `No answer within ${this.settings.webhookTimeoutSeconds} seconds.`;
    // Where several addresses were tried in vain only the code says why.
    return shown(message || code || name);
  }
}

function failureOf({ statusCode, headers }: Dispatcher.ResponseData): string | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  if (statusCode < 300 || statusCode >= 400) return `Answered ${statusCode}.`;
  const { location } = headers;
  return shown(`Answered ${statusCode}${typeof location === 'string' ? ` to ${location}` : ''}: redirects are not followed; name the final address.`);
}

/** The status has decided already: a body that breaks off changes nothing. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  const parts: Buffer[] = [];
  let read = 0;
  try {
    for await (const part of body) {
      parts.push(part as Buffer);
      read += (part as Buffer).length;
      if (read >= READ_BYTES) break;
    }
  } catch {
    // What came before stands.
  }
  const text = shown(Buffer.concat(parts).subarray(0, READ_BYTES).toString());
  return text === '' ? null : text;
}

/** Text of others, on one line and of bounded length. */
function shown(text: string): string {
  return [...text.replace(/[\p{C}\u2028\u2029\s]+/gu, ' ').trim()].slice(0, SHOWN_CHARACTERS).join('');
}
