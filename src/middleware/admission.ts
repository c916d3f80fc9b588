import { Forbidden, type Standing } from './errors.js';
import type { Identity, Kind } from './identity.js';
import type { MessageLog } from './message-logs.js';
import type { Provost, RequestLike } from './provost.js';
import type { Cost, Hold } from './usage.js';

/** What a route asks of its callers. */
export interface GuardOptions<Request extends RequestLike = RequestLike> {
  /** All of these; others are answered 403 `access.missing-permission`. */
  readonly scopes?: readonly string[];
  /** What each request uses up; it is not let in when that is more than is left (429, 402). */
  readonly consume?: Cost | ((request: Request, caller: Identity) => Cost | undefined);
  /**
   * What each request may use up, held while it is carried out. At its end `spend` decides what it cost; without it all that was
   * held is charged, or nothing when the answer is a 5xx or was broken off.
   */
  readonly reserve?: Hold | ((request: Request, caller: Identity) => Hold | undefined);
}

/** The end of an answer, as Node's own `ServerResponse` tells it. */
export interface ResponseEnd {
  readonly statusCode: number;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Who is calling, as handlers see it at `request.provost`. */
export class Caller implements Identity {
  readonly subject: string;
  readonly kind: Kind;
  readonly scopes: readonly string[];
  readonly plan: string | null;
  readonly sessionId: string | null;
  readonly keyId: string | null;
  readonly stale: boolean;
  /** What is left after this request was counted; null where nothing was. */
  standing: Standing | null = null;
  /** For the answer: what is left of the limits. */
  headers: Readonly<Record<string, string>> = {};
  // Hidden from JSON and from console.log: behind it lies the service key.
  readonly #provost: Provost;
  #held?: { readonly id: string; readonly credits: number };
  #spent?: number;

  constructor(provost: Provost, identity: Identity) {
    this.#provost = provost;
    ({ subject: this.subject, kind: this.kind, scopes: this.scopes, plan: this.plan, sessionId: this.sessionId, keyId: this.keyId, stale: this.stale } = identity);
  }

  /** Keeps a conversation of this caller; comes back with its id when it is on the disk. */
  log(log: MessageLog): Promise<string> {
    return this.#provost.log({ ...log, userId: log.userId ?? this.subject });
  }

  /** What the request cost in the end, where the route reserves; charged when the answer has ended. */
  spend(credits: number): void {
    this.#spent = credits;
  }

  /** Takes what the route costs. */
  async pay<Request extends RequestLike>(request: Request, { consume, reserve }: GuardOptions<Request>): Promise<void> {
    const cost = typeof consume === 'function' ? consume(request, this) : consume;
    if (cost) this.told(await this.#provost.consume(this, cost));
    const hold = typeof reserve === 'function' ? reserve(request, this) : reserve;
    if (hold) await this.hold(hold);
  }

  /** Settles what is held as soon as the answer is over, however it ends. */
  settleAfter(response: ResponseEnd): void {
    if (!this.#held) return;
    // Who has gone already while we asked Provost does not go again.
    if (response.destroyed) this.settle(false);
    else response.once('close', () => this.settle(response.writableFinished && response.statusCode < 500));
  }

  private async hold(hold: Hold): Promise<void> {
    const reservation = await this.#provost.reserve(this, hold);
    this.told(reservation);
    this.#held = { id: reservation.id, credits: hold.credits ?? 0 };
  }

  private told({ standing, headers }: { standing: Standing; headers: Record<string, string> }): void {
    this.standing = standing;
    this.headers = headers;
  }

  private settle(hasSucceeded: boolean): void {
    const { id, credits } = this.#held!;
    const cost = this.#spent ?? (hasSucceeded ? credits : undefined);
    if (cost === undefined) this.#provost.release(id);
    else this.#provost.settle(id, cost);
  }
}

/** Lets somebody in, or throws a `ProvostError`. Nothing is counted yet. */
export async function admit<Request extends RequestLike>(provost: Provost, request: Request, { scopes = [] }: GuardOptions<Request>): Promise<Caller> {
  const identity = await provost.identify(request);
  const missing = scopes.find((scope) => !identity.scopes.includes(scope));
  if (missing !== undefined) throw new Forbidden('access.missing-permission', `This needs the scope "${missing}".`, { permission: missing });
  return new Caller(provost, identity);
}
