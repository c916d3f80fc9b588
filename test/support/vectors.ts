import { createHmac, createPrivateKey, createPublicKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Cases that both middlewares must pass; clients/vectors/README.md says what they mean. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../clients/vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

export interface Jwk extends Record<string, string> {
  kid: string;
}

export interface TokenCase {
  name: string;
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  headerText?: string;
  payloadText?: string;
  key?: string;
  signature?: string;
  suffix?: string;
  outcome: string;
}

export interface TokenVectors {
  now: number;
  issuer: string;
  kinds: ('user' | 'staff' | 'admin' | 'service')[];
  keys: Record<string, Jwk>;
  published: string[];
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  cases: TokenCase[];
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const INSTANTS = new Set(['iat', 'exp', 'nbf']);

export const TOKENS = vectors<TokenVectors>('tokens');

export function publicJwk({ d: _, ...jwk }: Jwk): Record<string, string> {
  return { ...jwk, use: 'sig', alg: 'ES256' };
}

export function makeToken(made: Partial<TokenCase>, now = TOKENS.now): string {
  const claims = Object.entries({ ...TOKENS.claims, ...made.claims }).map(([name, value]) => [name, INSTANTS.has(name) && typeof value === 'number' ? now + value : value]);
  const header = made.headerText ?? JSON.stringify(withoutNulls(Object.entries({ ...TOKENS.header, ...made.header })));
  const payload = made.payloadText ?? JSON.stringify(withoutNulls(claims as [string, unknown][]));
  const signed = `${base64url(header)}.${base64url(payload)}`;
  return `${signed}.${signatureOf(signed, made)}${made.suffix ?? ''}`;
}

/** A token as a fake Provost would sign it now. */
export function liveToken(issuer: string, made: Partial<TokenCase> = {}): string {
  return makeToken({ ...made, claims: { iss: issuer, jti: randomUUID(), ...made.claims } }, Math.floor(Date.now() / 1000));
}

function signatureOf(signed: string, { key = 'current', signature = 'ES256' }: Partial<TokenCase>): string {
  const pair = keyOf(key);
  if (signature === 'none') return '';
  if (signature === 'HS256') return createHmac('sha256', createPublicKey(pair).export({ type: 'spki', format: 'pem' })).update(signed).digest('base64url');
  if (signature === 'der') return sign('sha256', Buffer.from(signed), pair).toString('base64url');
  const bytes = sign('sha256', Buffer.from(signed), { key: pair, dsaEncoding: 'ieee-p1363' });
  if (signature === 'flipped') bytes[0]! ^= 1;
  const text = bytes.toString('base64url');
  return signature === 'respelled' ? text.slice(0, -1) + BASE64URL[BASE64URL.indexOf(text.at(-1)!) + 1]! : text;
}

function keyOf(name: string): KeyObject {
  return createPrivateKey({ key: TOKENS.keys[name]!, format: 'jwk' });
}

function withoutNulls(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
