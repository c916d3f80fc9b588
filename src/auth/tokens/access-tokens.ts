import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Pending } from '../../access/pending.js';
import { PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { isId, newId } from '../../platform/ids/ids.js';
import { SigningKeys } from '../signing-keys/signing-keys.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { issuerOf } from './issuer.js';
import { CLOCK_SKEW_SECONDS, IMPERSONATION_SECONDS, MAX_TOKEN_SECONDS } from './token-times.js';
import { DeadToken } from './tokens.problems.js';

/** What a verified access token says. Instants are seconds, as in the token. */
export interface AccessClaims {
  readonly sub: string;
  readonly kind: PrincipalKind;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly pending?: Pending;
  /** The admin who acts as the user (RFC 8693 §4.1). */
  readonly act?: { readonly sub: string };
}

/** As RFC 7519 and RFC 9068 name them. Instants are seconds. */
export interface Borne {
  readonly iss: string;
  readonly aud: string;
  readonly jti: string;
  readonly sid: string;
  readonly iat: number;
  readonly exp: number;
}

interface Verified {
  readonly token: Buffer;
  readonly kid: string;
  readonly claims: AccessClaims;
}

interface Subject {
  principalId: string;
  kind: PrincipalKind;
  sessionId: string;
  pending?: Pending;
  /** The admin who acts as the user. */
  impersonatorId?: string;
}

const AUDIENCE = 'provost:';
/** Of its own: a service that checks tokens by itself and knows nothing of `act` takes none that may only look. */
const READ_ONLY_AUDIENCE = `${AUDIENCE}user:read-only`;
const VERIFIED_CAP = 50_000;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** ES256 access tokens: made here, believed only in the one form that is made here. */
@Injectable()
export class AccessTokens {
  /** Tokens whose signature was checked, by `jti`. The whole text must be the same: a signature has more than one spelling. */
  private readonly verified = new Map<string, Verified>();

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly jwt: JwtService,
    private readonly strategy: AccessTokenStrategy,
    private readonly keys: SigningKeys,
  ) {}

  issue({ principalId, kind, sessionId, pending, impersonatorId }: Subject): { accessToken: string; expiresIn: number } {
    const iat = Math.floor(this.clock.millis() / 1000);
    const expiresIn = impersonatorId ? IMPERSONATION_SECONDS : this.settings.accessTokenSeconds;
    const aud = impersonatorId ? READ_ONLY_AUDIENCE : AUDIENCE + kind;
    const act = impersonatorId && { sub: impersonatorId, kind: PrincipalKind.Admin };
    const { kid, privateKey } = this.keys.current;
    const claims = { iss: issuerOf(this.settings), aud, sub: principalId, sid: sessionId, jti: newId(), iat, exp: iat + expiresIn, ...(pending && { pending }), ...(act && { act }) };
    const accessToken = this.jwt.sign(claims, { privateKey: privateKey as never, algorithm: 'ES256', header: headerOf(kid) });
    return { accessToken, expiresIn };
  }

  /** Whether the token says that somebody acts as its subject; nothing is checked. */
  saysAct(token: string): boolean {
    return decoded(token.split('.', 2)[1] ?? '')?.act !== undefined;
  }

  /** The claims of a token that is ours and not over; says nothing about its session. */
  async verify(token: string): Promise<AccessClaims> {
    const parts = token.split('.');
    if (parts.length !== 3) throw new DeadToken();
    const known = this.knownClaims(token, parts[1]!);
    if (known) return this.inTime(known);
    const kid = kidOf(parts as [string, string, string]);
    const key = await this.keys.find(kid);
    if (!key) throw new DeadToken();
    const claims = claimsOf(await this.strategy.check(token, key));
    this.remember(token, kid, claims);
    return this.inTime(claims);
  }

  /** What a token bears that was found good a moment ago; undefined of what is no access token. Nothing is checked. */
  borne(token: string): Borne | undefined {
    const { iss, aud, jti, sid, iat, exp } = (decoded(token.split('.')[1] ?? '') ?? {}) as Partial<Borne>;
    return iss === undefined ? undefined : ({ iss, aud, jti, sid, iat, exp } as Borne);
  }

  private knownClaims(token: string, payload: string): AccessClaims | undefined {
    const entry = this.verified.get(String(decoded(payload)?.jti));
    if (!entry || !this.keys.knows(entry.kid)) return undefined;
    const given = Buffer.from(token);
    return given.length === entry.token.length && timingSafeEqual(given, entry.token) ? entry.claims : undefined;
  }

  private inTime(claims: AccessClaims): AccessClaims {
    const now = this.clock.millis() / 1000;
    if (now >= claims.exp) throw new DeadToken('auth.token-expired', 'The access token has expired; refresh it.');
    if (claims.iat > now + CLOCK_SKEW_SECONDS || claims.exp - claims.iat > MAX_TOKEN_SECONDS) throw new DeadToken();
    return claims;
  }

  private remember(token: string, kid: string, claims: AccessClaims): void {
    if (this.verified.size >= VERIFIED_CAP) this.verified.delete(this.verified.keys().next().value!);
    this.verified.set(claims.jti, { token: Buffer.from(token), kid, claims });
  }
}

/**
 * The key that the token names. Header and payload count only in the very spelling that is made here: no member more, none
 * twice, in no other order; then there is nothing that two readers could understand differently.
 */
function kidOf([header, payload, signature]: [string, string, string]): string {
  if (!BASE64URL.test(signature) || Buffer.from(signature, 'base64url').toString('base64url') !== signature) throw new DeadToken();
  const kid = decoded(header)?.kid;
  if (typeof kid !== 'string' || header !== encoded(headerOf(kid)) || payload !== encoded(decoded(payload))) throw new DeadToken();
  return kid;
}

function headerOf(kid: string): { alg: 'ES256'; typ: 'at+jwt'; kid: string } {
  return { alg: 'ES256', typ: 'at+jwt', kid };
}

function encoded(value: object | undefined): string | undefined {
  return value && Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function claimsOf(payload: Record<string, unknown>): AccessClaims {
  const { aud, sub, sid, jti, iat, exp } = payload;
  const pending = Object.values(Pending).find((each) => payload.pending === each);
  const act = impersonatorOf(payload);
  const kind = act ? PrincipalKind.User : Object.values(PrincipalKind).find((each) => aud === AUDIENCE + each);
  if (!kind || kind === PrincipalKind.Service || !isId(sub) || !isId(sid) || !isId(jti) || !Number.isInteger(iat) || !Number.isInteger(exp) || payload.pending !== pending) throw new DeadToken();
  return { sub, kind, sid, jti, iat: iat as number, exp: exp as number, pending, act };
}

/** The claim and the audience go together: neither is believed without the other. */
function impersonatorOf({ aud, act }: Record<string, unknown>): { sub: string } | undefined {
  if (act === undefined && aud !== READ_ONLY_AUDIENCE) return undefined;
  const { sub, kind } = (act ?? {}) as Record<string, unknown>;
  if (aud !== READ_ONLY_AUDIENCE || !isId(sub) || kind !== PrincipalKind.Admin) throw new DeadToken();
  return { sub };
}
