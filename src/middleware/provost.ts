import { isIP } from 'node:net';
import { invalid } from './access-token.js';
import { Forbidden, Unauthenticated } from './errors.js';
import type { Identity } from './identity.js';
import { Ids } from './ids.js';
import { type MessageLog, MessageLogs } from './message-logs.js';
import { type ProvostOptions, type Settings, settingsOf } from './options.js';
import { type Cost, type Counted, type Hold, Usage } from './usage.js';
import { Verification } from './verification.js';
import { Wire } from './wire.js';

/** What is needed of a request, whichever framework it comes from. */
export interface RequestLike {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Where it comes from; what the framework says, which knows about proxies. */
  readonly ip?: string;
  readonly socket?: { readonly remoteAddress?: string };
}

/** One application's connection to Provost. Make one at the start, and close it at the end. */
export class Provost {
  // Hidden from JSON and from console.log: among them is the service key.
  readonly #settings: Settings;
  readonly #ids: Ids;
  readonly #wire: Wire;
  readonly #verification: Verification;
  readonly #usage: Usage;
  readonly #logs: Promise<MessageLogs> | undefined;

  constructor(options: ProvostOptions) {
    this.#settings = settingsOf(options);
    const { spool, time } = this.#settings;
    this.#ids = new Ids(time);
    this.#wire = new Wire(this.#settings);
    this.#verification = new Verification(this.#wire, this.#settings);
    this.#usage = new Usage(this.#wire, this.#settings, this.#ids);
    this.#logs = spool && MessageLogs.open(this.#wire, this.#settings, this.#ids, spool);
    this.#logs?.catch((error: Error) => this.#settings.onError(error));
  }

  /** Who sent the request. Throws `Unauthenticated`, `Forbidden` or `Unavailable` when nobody is to be let in. */
  async identify(request: RequestLike): Promise<Identity> {
    const credential = credentialOf(request);
    if (credential === undefined) throw new Unauthenticated('auth.required', 'Sign in, or send an API key: Authorization: Bearer <token or key>.');
    return this.#verification.identify(credential, addressOf(request));
  }

  /** Counts what a user uses up. Throws `LimitReached` or `InsufficientCredits`, and then nothing was counted. */
  async consume(identity: Identity, cost: Cost): Promise<Counted> {
    return this.#usage.consume(userAlone(identity), cost);
  }

  /** Holds what a user may use up, until it is settled or released. */
  async reserve(identity: Identity, hold: Hold): Promise<{ readonly id: string } & Counted> {
    return this.#usage.reserve(userAlone(identity), hold);
  }

  /** Charges what it cost in the end; tried again in the background until Provost has heard it. */
  settle(reservationId: string, credits: number): void {
    this.#usage.settle(reservationId, credits);
  }

  /** Gives everything back, likewise. */
  release(reservationId: string): void {
    this.#usage.release(reservationId);
  }

  /** Comes back with the log's id when it is on the disk; from there it gets to Provost. Throws `Unavailable` when the spool is full. */
  async log(log: MessageLog & { readonly userId: string }): Promise<string> {
    if (!this.#logs) throw new TypeError('Message logs need the option spool');
    return (await this.#logs).log(log);
  }

  /** Ends the connections. Logs that were not posted stay on the disk for the next start. */
  async close(): Promise<void> {
    const logs = await this.#logs?.catch(() => undefined);
    await Promise.all([this.#usage.finish(), logs?.close()]);
    const stopped = this.#verification.close();
    await this.#wire.close();
    await stopped;
  }
}

/** The connection of this application to Provost. */
export function provost(options: ProvostOptions): Provost {
  return new Provost(options);
}

function credentialOf({ headers }: RequestLike): string | undefined {
  const { authorization, 'x-api-key': key } = headers;
  // A credential in a form that nobody understands is not passed over for another one.
  if (authorization !== undefined) return typeof authorization === 'string' && /^bearer /i.test(authorization) ? authorization.slice(7).trim() : '';
  if (Array.isArray(key)) throw invalid();
  return key;
}

function addressOf({ ip, socket }: RequestLike): string | undefined {
  const address = ip ?? socket?.remoteAddress;
  return address !== undefined && isIP(address) !== 0 ? address : undefined;
}

function userAlone(identity: Identity): Identity {
  if (identity.kind !== 'user') throw new Forbidden('usage.user-not-active', 'Only users have limits and credits.');
  return identity;
}
