import { setTimeout as sleep } from 'node:timers/promises';
import { Forbidden, InsufficientCredits, LimitReached, type ProvostError, type Standing } from './errors.js';
import type { Identity } from './identity.js';
import type { Ids } from './ids.js';
import type { Settings } from './options.js';
import { type Answer, type Call, isRecord, jitter, Refusal, type Wire } from './wire.js';

/** What a request uses up. */
export interface Cost {
  /** 1 if it is absent. */
  readonly conversations?: number;
  /** 0 if it is absent. */
  readonly credits?: number;
}

/** What a request may use up; what it did is settled at its end. */
export interface Hold extends Cost {
  /** After this long Provost gives back what was held, whatever became of the request; 300 if it is absent. */
  readonly ttlSeconds?: number;
}

export interface Counted {
  readonly standing: Standing;
  /** `RateLimit` and `RateLimit-Policy`, for the answer. */
  readonly headers: Record<string, string>;
}

interface Held extends Standing {
  readonly id: string;
}

const CLOSING_ATTEMPTS = 8;
const LONGEST_PAUSE_MS = 10_000;
const TOLD = ['ratelimit', 'ratelimit-policy', 'retry-after'];

/** Counts what callers use. Every call has an Idempotency-Key of its own, so that repeating it counts once. */
export class Usage {
  private readonly closing = new Set<Promise<void>>();
  private isFinishing = false;

  constructor(
    private readonly wire: Wire,
    private readonly settings: Settings,
    private readonly ids: Ids,
  ) {}

  async consume({ subject }: Identity, { conversations, credits }: Cost): Promise<Counted> {
    const { value, headers } = await this.spend('/usage/consume', { userId: subject, conversations, credits }, standingOf);
    return { standing: value, headers: toldBy(headers) };
  }

  async reserve({ subject }: Identity, { conversations, credits, ttlSeconds }: Hold): Promise<{ id: string } & Counted> {
    const { value, headers } = await this.spend('/usage/reservations', { userId: subject, conversations, credits, ttlSeconds }, heldOf);
    return { id: value.id, standing: value, headers: toldBy(headers) };
  }

  /** In the background: the client's answer does not wait for it. */
  settle(id: string, credits: number): void {
    this.close(`/usage/reservations/${id}/settle`, { credits });
  }

  release(id: string): void {
    this.close(`/usage/reservations/${id}/release`, undefined);
  }

  /** Waits for what is being settled, but for no other attempt: what stays held is given back by itself when its time is over. */
  async finish(): Promise<void> {
    this.isFinishing = true;
    await Promise.all(this.closing);
  }

  private async spend<T>(path: string, body: object, read: Call<T>['read']): Promise<Answer<T>> {
    try {
      return await this.wire.call({ method: 'POST', path, body, read, headers: { 'idempotency-key': this.ids.next() } });
    } catch (error) {
      throw error instanceof Refusal ? (refusalOf(error) ?? this.wire.explained(error)) : error;
    }
  }

  private close(path: string, body: object | undefined): void {
    const closed = this.closeWithPatience({ method: 'POST', path, body, read: () => true, headers: { 'idempotency-key': this.ids.next() } })
      .catch((error: Error) => this.settings.onError(error))
      .finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }

  private async closeWithPatience(call: Call<true>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.wire.call(call);
        return;
      } catch (error) {
        if (error instanceof Refusal || attempt === CLOSING_ATTEMPTS || this.isFinishing) throw error;
        await sleep(jitter(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt)), undefined, { ref: false });
      }
    }
  }
}

function refusalOf(refusal: Refusal): ProvostError | undefined {
  const { code, detail, problem } = refusal;
  const standing = standingOf(problem);
  if (code === 'usage.limit-reached' && standing) return new LimitReached(standing, detail, toldBy(refusal.answerHeaders));
  if (code === 'usage.insufficient-credits' && standing) return new InsufficientCredits(standing, detail, toldBy(refusal.answerHeaders));
  // Banned or deleted since it was verified.
  if (code === 'usage.user-not-active' || code === 'user.not-found') return new Forbidden('usage.user-not-active', 'This user may not use anything at the moment.');
  return undefined;
}

function standingOf(body: unknown): Standing | undefined {
  if (!isRecord(body) || !Array.isArray(body.limits) || !isRecord(body.credits)) return undefined;
  return { limits: body.limits as Standing['limits'], credits: body.credits as unknown as Standing['credits'] };
}

function heldOf(body: unknown): Held | undefined {
  const standing = standingOf(body);
  return standing && isRecord(body) && typeof body.id === 'string' ? { ...standing, id: body.id } : undefined;
}

function toldBy(headers: Answer<unknown>['headers']): Record<string, string> {
  return Object.fromEntries(TOLD.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));
}
