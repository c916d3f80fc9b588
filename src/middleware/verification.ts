import { createHash } from 'node:crypto';
import { invalid, MAX_CREDENTIAL, readToken, SKEW_SECONDS, type TokenClaims } from './access-token.js';
import { Forbidden, ProvostError, Unauthenticated, Unavailable } from './errors.js';
import { type Identity, type Kind, KINDS } from './identity.js';
import { idInKey, KEY_PREFIX } from './key-form.js';
import { Memory } from './memory.js';
import type { Settings } from './options.js';
import { RevocationFeed } from './revocation-feed.js';
import { SigningKeys } from './signing-keys.js';
import { isRecord, type Wire } from './wire.js';

interface Question {
  /** What the answer is remembered under: never the credential's text. */
  readonly name: string;
  readonly body: { token: string } | { apiKey: string };
  readonly ip: string | undefined;
  readonly freshMs: number;
  readonly sessionId: string | null;
  readonly keyId: string | null;
  /** Whom a token names; the answer must name the same. */
  readonly expected?: Pick<TokenClaims, 'subject' | 'kind'>;
}

interface Verified {
  readonly active: boolean;
  readonly subject?: string;
  readonly kind?: Kind;
  readonly scopes?: readonly string[];
  readonly plan?: string;
  readonly reason?: string;
}

const MOST_REFUSALS = 1000;
const MOST_TOKENS = 10_000;
/** Who was not seen for longer than this is nobody's acquaintance in an outage. */
const KEPT_MS = 600_000;

/** Tells who is behind a credential, without asking Provost twice for what is known to hold. */
export class Verification {
  private readonly memory = new Memory();
  private readonly tokens = new Map<string, TokenClaims>();
  private readonly refusals = new Map<string, { error: ProvostError; at: number }>();
  private readonly asking = new Map<string, Promise<Identity>>();
  private readonly signingKeys: SigningKeys;
  private readonly feed: RevocationFeed;

  constructor(
    private readonly wire: Wire,
    private readonly settings: Settings,
  ) {
    this.signingKeys = new SigningKeys(wire, settings.time);
    this.feed = new RevocationFeed(wire, settings.time, {
      ended: (news) => {
        if (news.length > 0) this.refusals.clear();
        this.memory.forget(news);
      },
      everything: () => this.forgetEverything(),
    });
    this.feed.start();
  }

  /** Who presents this credential from this address; throws a `ProvostError` when nobody is let in by it. */
  async identify(credential: string, ip: string | undefined): Promise<Identity> {
    if (credential.length > MAX_CREDENTIAL) throw invalid();
    if (credential.startsWith(KEY_PREFIX)) return this.byKey(credential, ip);
    if (credential.startsWith('ey')) return this.byToken(credential, ip);
    throw invalid();
  }

  close(): Promise<void> {
    return this.feed.stop();
  }

  private byKey(key: string, ip: string | undefined): Promise<Identity> {
    const keyId = idInKey(key);
    if (keyId === undefined) throw new Unauthenticated('api-keys.invalid', 'This API key is not valid.');
    return this.known({ name: `${hashOf(key)}|${ip}`, body: { apiKey: key }, ip, freshMs: this.settings.keyMs, sessionId: null, keyId });
  }

  private async byToken(token: string, ip: string | undefined): Promise<Identity> {
    const claims = await this.claimsOf(token);
    const { sessionId } = claims;
    return this.known({ name: `${sessionId}|${ip}`, body: { token }, ip, freshMs: this.settings.sessionMs, sessionId, keyId: null, expected: claims });
  }

  private async claimsOf(token: string): Promise<TokenClaims> {
    const hash = hashOf(token);
    const now = this.settings.time.wall() / 1000;
    const known = this.tokens.get(hash);
    if (known && now < known.expiresAt + SKEW_SECONDS) return known;
    const { issuer, kinds } = this.settings;
    const { generation } = this.memory;
    const claims = await readToken(token, { issuer, kinds, now: Math.floor(now), findKey: (kid) => this.signingKeys.find(kid) });
    if (this.tokens.size >= MOST_TOKENS) this.tokens.delete(this.tokens.keys().next().value!);
    // Its key may have been removed while the signature was checked.
    if (generation === this.memory.generation) this.tokens.set(hash, claims);
    return claims;
  }

  private async known(question: Question): Promise<Identity> {
    const { name, freshMs } = question;
    const now = this.settings.time.steady();
    const entry = this.memory.get(name);
    if (entry && this.feed.isFresh && now - entry.verifiedAt < freshMs) return entry.identity;
    const refused = this.refusals.get(name);
    if (refused && now - refused.at < this.settings.keyMs) throw refused.error;
    try {
      return await this.askedOnce(question);
    } catch (error) {
      return this.inOutage(name, error);
    }
  }

  private askedOnce(question: Question): Promise<Identity> {
    // Who comes after something ended must not be given what was asked before it.
    const name = `${this.memory.generation}|${question.name}`;
    let answer = this.asking.get(name);
    if (!answer) {
      answer = this.ask(question).finally(() => this.asking.delete(name));
      this.asking.set(name, answer);
    }
    return answer;
  }

  private async ask(question: Question): Promise<Identity> {
    const { name, body, ip } = question;
    const { generation } = this.memory;
    const wasFresh = this.feed.isFresh;
    const verifiedAt = this.settings.time.steady();
    const { value } = await this.wire.demand({ method: 'POST', path: '/auth/verify', body: { ...body, ...(ip !== undefined && { ip }) }, read: verifiedOf });
    try {
      const identity = this.admitted(value, question);
      // Before the feed is heard nobody tells us what ends, and what ended meanwhile was told already.
      if (wasFresh && generation === this.memory.generation) this.memory.put(name, { identity, verifiedAt });
      return identity;
    } catch (error) {
      if (error instanceof ProvostError && error.status < 500) this.remember(name, error, verifiedAt);
      throw error;
    }
  }

  private admitted(answer: Verified, { sessionId, keyId, expected }: Question): Identity {
    const { active, subject, kind, scopes, plan = null } = answer;
    if (!active) throw refusalOf(answer.reason ?? 'auth.invalid-token');
    if (!subject || !kind || !scopes || (expected && (expected.subject !== subject || expected.kind !== kind))) throw new Unavailable('provost.bad-answer', 'Who is calling cannot be checked at the moment.', 1);
    if (!this.settings.kinds.includes(kind)) throw new Unauthenticated('auth.wrong-audience', 'This credential is for another part of the service.');
    return { subject, kind, scopes, plan, sessionId, keyId, stale: false };
  }

  private remember(name: string, error: ProvostError, at: number): void {
    this.memory.delete(name);
    if (this.refusals.size >= MOST_REFUSALS) this.refusals.delete(this.refusals.keys().next().value!);
    this.refusals.set(name, { error, at });
  }

  /** Provost is away: who was verified while the feed was whole may be let in for a while, if that is wanted. */
  private inOutage(name: string, error: unknown): Identity {
    const entry = this.memory.get(name);
    const { outageMs, time } = this.settings;
    const isAway = error instanceof Unavailable && (error.code === 'provost.unavailable' || error.code === 'provost.bad-answer');
    if (!entry || !isAway || this.feed.silentMs >= outageMs || time.steady() - entry.verifiedAt > KEPT_MS + outageMs) throw error;
    return { ...entry.identity, stale: true };
  }

  private forgetEverything(): void {
    this.memory.clear();
    this.tokens.clear();
    this.refusals.clear();
    this.signingKeys.forget();
  }
}

function verifiedOf(body: unknown): Verified | undefined {
  if (!isRecord(body) || typeof body.active !== 'boolean') return undefined;
  const { active, subject, kind, scopes, plan, reason } = body;
  if (!active) return { active, reason: typeof reason === 'string' ? reason : undefined };
  if (typeof subject !== 'string' || !KINDS.includes(kind as Kind) || !isTexts(scopes)) return undefined;
  return { active, subject, kind: kind as Kind, scopes, plan: typeof plan === 'string' ? plan : undefined };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Dead credentials; whatever else keeps somebody out is said of one who is known. */
const DEAD = new Set(['auth.invalid-token', 'auth.token-expired', 'auth.session-ended', 'auth.wrong-audience', 'api-keys.invalid', 'api-keys.expired']);
const DEAD_DETAIL = 'This credential is not valid any more; sign in again, or use another key.';

function refusalOf(reason: string): ProvostError {
  return DEAD.has(reason) ? new Unauthenticated(reason, DEAD_DETAIL) : new Forbidden(reason, 'Provost does not let this caller in.');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
