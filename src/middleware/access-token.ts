import { errors, jwtVerify, type CryptoKey } from 'jose';
import { Forbidden, Unauthenticated } from './errors.js';
import type { Kind } from './identity.js';
import { isId } from './ids.js';
import { isRecord } from './wire.js';

/** What a token says whose signature, form and times are right; nothing about its session. Instants are seconds. */
export interface TokenClaims {
  readonly subject: string;
  readonly kind: Kind;
  readonly sessionId: string;
  readonly expiresAt: number;
}

export interface TokenRules {
  readonly issuer: string;
  readonly kinds: readonly Kind[];
  /** Seconds since 1970. */
  readonly now: number;
  /** The published key of this id. */
  readonly findKey: (kid: string) => Promise<CryptoKey | undefined>;
}

/** Provost itself takes no longer ones. */
export const MAX_CREDENTIAL = 4096;
const MAX_TOKEN_SECONDS = 900;
export const SKEW_SECONDS = 30;
const AUDIENCE = 'provost:';
const READ_ONLY = `${AUDIENCE}user:read-only`;
const REQUIRED = ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'];
const PENDING: Record<string, string> = {
  'password-change': 'Change the password first; nothing else can be done with this account until then.',
  'mfa-enrolment': 'Set up a second factor first; nothing else can be done with this account until then.',
};

/** Believes an access token in the one form that Provost makes. */
export async function readToken(token: string, rules: TokenRules): Promise<TokenClaims> {
  const key = await rules.findKey(kidOf(token));
  if (!key) throw invalid();
  const claims = await verified(token, key, rules);
  const { sub, sid, exp } = claims as { sub: string; sid: string; exp: number };
  return { subject: sub, kind: kindOf(claims, rules.kinds), sessionId: sid, expiresAt: exp };
}

/**
 * The key that the token names, by its header and payload in the very spelling that Provost makes: no member more, none twice. So
 * there is nothing that two readers could understand differently, and nothing in the header is believed but a name.
 */
function kidOf(token: string): string {
  const parts = token.length <= MAX_CREDENTIAL ? token.split('.') : [];
  if (parts.length !== 3 || parts[2] === '' || encoded(Buffer.from(parts[2]!, 'base64url')) !== parts[2]) throw invalid();
  const kid = decoded(parts[0]!)?.kid;
  if (typeof kid !== 'string' || parts[0] !== spelled({ alg: 'ES256', typ: 'at+jwt', kid }) || parts[1] !== spelled(decoded(parts[1]!))) throw invalid();
  return kid;
}

async function verified(token: string, key: CryptoKey, { issuer, now }: TokenRules): Promise<Record<string, unknown>> {
  try {
    const options = { algorithms: ['ES256'], typ: 'at+jwt', issuer, requiredClaims: REQUIRED, clockTolerance: SKEW_SECONDS, currentDate: new Date(now * 1000) };
    const { payload } = await jwtVerify(token, key, options);
    return inBounds(payload, now);
  } catch (error) {
    throw error instanceof errors.JWTExpired ? new Unauthenticated('auth.token-expired', 'The access token has expired; refresh it.') : invalid();
  }
}

function inBounds(claims: Record<string, unknown>, now: number): Record<string, unknown> {
  const { sub, sid, jti, iat, exp } = claims;
  const lives = Number(exp) - Number(iat);
  if (!isId(sub) || !isId(sid) || !isId(jti) || !Number.isInteger(iat) || !Number.isInteger(exp)) throw invalid();
  if (Number(iat) > now + SKEW_SECONDS || lives > MAX_TOKEN_SECONDS) throw invalid();
  return claims;
}

function kindOf(claims: Record<string, unknown>, kinds: readonly Kind[]): Kind {
  const { aud, act, pending } = claims;
  if ((act !== undefined) !== (aud === READ_ONLY)) throw invalid();
  if (act !== undefined) throw new Forbidden('access.read-only', 'Who acts as a user can look, and change nothing.');
  const kind = kinds.find((each) => aud === AUDIENCE + each);
  if (!kind || kind === 'service') throw invalid();
  if (pending === undefined) return kind;
  if (typeof pending !== 'string' || !Object.hasOwn(PENDING, pending)) throw invalid();
  throw new Forbidden(`auth.${pending}-required`, PENDING[pending]!);
}

function spelled(value: object | undefined): string | undefined {
  return value && encoded(Buffer.from(JSON.stringify(value)));
}

function encoded(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function invalid(): Unauthenticated {
  return new Unauthenticated('auth.invalid-token', 'This is neither a valid access token nor a valid API key.');
}
