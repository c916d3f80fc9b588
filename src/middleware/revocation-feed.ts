import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from './errors.js';
import type { Ended } from './memory.js';
import type { Time } from './time.js';
import { isRecord, jitter, Refusal, secondsOf, type Wire } from './wire.js';

interface News {
  readonly data: readonly Ended[];
  readonly cursor: string;
}

export interface Listener {
  ended(news: readonly Ended[]): void;
  /** Nobody knows what was missed. */
  everything(): void;
}

const WAIT_SECONDS = 1;
const TIMEOUT_MS = 2500;
/** With the half second that Provost's other processes take, what ended is dead within two seconds. */
const FRESH_MS = 1500;
/** An answer that took longer than its wait and this says how things were then, not now. */
const TRANSIT_MS = 250;
const LONGEST_PAUSE_MS = 500;
const REFUSED_SECONDS = 2;

/** Hears from Provost what ended. Short turns tell a feed with no news from a network that swallows them. */
export class RevocationFeed {
  private cursor?: string;
  private readonly stopping = new AbortController();
  private lastHeardAt = -Infinity;
  private turns: Promise<void> = Promise.resolve();

  constructor(
    private readonly wire: Wire,
    private readonly time: Time,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.turns = this.listen();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.turns;
  }

  /** Whether everything that ended up to a moment ago is known. */
  get isFresh(): boolean {
    return this.silentMs < FRESH_MS;
  }

  get silentMs(): number {
    return this.time.steady() - this.lastHeardAt;
  }

  private async listen(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.turn();
      } catch (error) {
        if (error instanceof Refusal && error.status === 410 && this.cursor !== undefined) this.startAnew();
        else await this.rest(error);
      }
    }
  }

  /** Who is refused, or told to wait, gains nothing by asking at once; who found nobody may find somebody soon. */
  private async rest(error: unknown): Promise<void> {
    const told = error instanceof Refusal ? (secondsOf(error.answerHeaders) ?? REFUSED_SECONDS) : error instanceof Unavailable && error.retryAfterSeconds > 1 ? error.retryAfterSeconds : 0;
    await sleep(told * 1000 + jitter(LONGEST_PAUSE_MS), undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async turn(): Promise<void> {
    const askedAt = this.time.steady();
    const query = this.cursor === undefined ? '' : `?cursor=${encodeURIComponent(this.cursor)}&waitSeconds=${WAIT_SECONDS}`;
    const { value } = await this.wire.attempt({ method: 'GET', path: `/auth/revocations${query}`, read: newsOf, timeoutMs: TIMEOUT_MS });
    if (value.data.some(({ kind }) => kind === 'all')) this.listener.everything();
    else this.listener.ended(value.data);
    this.cursor = value.cursor;
    this.lastHeardAt = Math.min(this.time.steady(), askedAt + WAIT_SECONDS * 1000 + TRANSIT_MS);
  }

  private startAnew(): void {
    this.cursor = undefined;
    this.lastHeardAt = -Infinity;
    this.listener.everything();
  }
}

function newsOf(body: unknown): News | undefined {
  const { data, cursor } = isRecord(body) ? body : {};
  if (typeof cursor !== 'string' || !Array.isArray(data) || !data.every(isEnded)) return undefined;
  return { data, cursor };
}

function isEnded(entry: unknown): entry is Ended {
  return isRecord(entry) && typeof entry.kind === 'string' && (entry.id === null || typeof entry.id === 'string');
}
