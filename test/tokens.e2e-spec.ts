import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign, type SignKeyObjectInput, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdminsService } from '../src/admin/admins.service.js';
import { SigningKeys } from '../src/auth/signing-keys/signing-keys.js';
import { newId } from '../src/platform/ids/ids.js';
import { Api, type SignedInCaller } from './support/api.js';

type Members = Record<string, unknown>;

/** What a forger holds: a real token, everything that is published, keys and a server of their own. */
interface Forge {
  readonly token: string;
  readonly header: Members;
  readonly claims: Members;
  readonly parts: readonly [string, string, string];
  /** The service's own key, for tokens that it might sign by mistake. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly now: number;
  /** A server of the forger's that counts who fetches a key from it. */
  readonly url: string;
}

const own = { p256: ec('P-256'), p384: ec('P-384'), p521: ec('P-521'), rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }), ed: generateKeyPairSync('ed25519') };

/** RFC 8725: what is refused, and the token that tries it. */
const FORGERIES: [flaw: string, (forge: Forge) => string][] = [
  ['no signature, and says so', ({ header, parts }) => `${part({ ...header, alg: 'none' })}.${parts[1]}.`],
  ['no signature, says so in other letters, and keeps the old one', ({ header, parts }) => `${part({ ...header, alg: 'nOnE' })}.${parts[1]}.${parts[2]}`],
  ['no signature and says nothing', ({ parts }) => `${parts[0]}.${parts[1]}.`],
  ['a signature of zeros', ({ parts }) => `${parts[0]}.${parts[1]}.${Buffer.alloc(64).toString('base64url')}`],
  ['HS256 keyed with the public key as PEM', (forge) => hs256(forge, forge.publicKey.export({ format: 'pem', type: 'spki' }))],
  ['HS256 keyed with the public key as DER', (forge) => hs256(forge, forge.publicKey.export({ format: 'der', type: 'spki' }))],
  ['HS256 keyed with the public key as JWK', (forge) => hs256(forge, JSON.stringify(forge.publicKey.export({ format: 'jwk' })))],
  ['HS256 keyed with the bytes of the public key', (forge) => hs256(forge, rawOf(forge.publicKey))],
  ['HS256 keyed with nothing', (forge) => hs256(forge, '')],
  ['RS256 by a key of the forger', (forge) => signed({ ...forge.header, alg: 'RS256' }, forge.claims, own.rsa.privateKey)],
  ['ES384 by a key of the forger', (forge) => signed({ ...forge.header, alg: 'ES384' }, forge.claims, own.p384.privateKey, 'sha384')],
  ['ES512 by a key of the forger', (forge) => signed({ ...forge.header, alg: 'ES512' }, forge.claims, own.p521.privateKey, 'sha512')],
  ['EdDSA by a key of the forger', (forge) => signed({ ...forge.header, alg: 'EdDSA' }, forge.claims, own.ed.privateKey, null)],
  ['ES256 by a key of the forger, under our kid', (forge) => signed(forge.header, forge.claims, own.p256.privateKey)],
  ['a kid that nobody knows', (forge) => signed({ ...forge.header, kid: 'A'.repeat(43) }, forge.claims, own.p256.privateKey)],
  ['a kid that is a path', (forge) => signed({ ...forge.header, kid: '../../../../dev/null' }, forge.claims, own.p256.privateKey)],
  ['a kid that is SQL', (forge) => signed({ ...forge.header, kid: "' OR state = 'current' -- " }, forge.claims, own.p256.privateKey)],
  ['a kid that is a name every object has', (forge) => signed({ ...forge.header, kid: '__proto__' }, forge.claims, own.p256.privateKey)],
  ['a kid that is no text', (forge) => signed({ ...forge.header, kid: [forge.header.kid] }, forge.claims, forge.privateKey)],
  ['no kid', ({ header: { kid: _, ...header }, claims, privateKey }) => signed(header, claims, privateKey)],
  ['jku', (forge) => signed({ ...forge.header, jku: `${forge.url}/jwks.json` }, forge.claims, own.p256.privateKey)],
  ['x5u', (forge) => signed({ ...forge.header, x5u: `${forge.url}/cert.pem` }, forge.claims, own.p256.privateKey)],
  ['a kid that is an address', (forge) => signed({ ...forge.header, kid: `${forge.url}/jwks.json` }, forge.claims, own.p256.privateKey)],
  ['jwk', (forge) => signed({ ...forge.header, jwk: own.p256.publicKey.export({ format: 'jwk' }) }, forge.claims, own.p256.privateKey)],
  ['a header member more, signed by us', (forge) => signed({ ...forge.header, crit: ['exp'] }, forge.claims, forge.privateKey)],
  ['another subject under the old signature', ({ parts, claims }) => `${parts[0]}.${part({ ...claims, sub: newId() })}.${parts[2]}`],
  ['a longer life under the old signature', ({ parts, claims }) => `${parts[0]}.${part({ ...claims, exp: Number(claims.exp) + 1 })}.${parts[2]}`],
  ['a changed bit in the signature', ({ parts }) => `${parts[0]}.${parts[1]}.${changed(parts[2])}`],
  ['another spelling of the same signature', ({ parts }) => `${parts[0]}.${parts[1]}.${respelled(parts[2])}`],
  ['padding', ({ token }) => `${token}=`],
  ['a line end inside', ({ parts }) => `${parts[0]}.${parts[1]}.${parts[2].slice(0, 40)}%0A${parts[2].slice(40)}`],
  ['another alphabet of base64', (forge) => base64Of(forge)],
  ['characters after the end', ({ token }) => `${token}x`],
  ['a fourth part', ({ token }) => `${token}.x`],
  ['a signature as DER', ({ header, claims, privateKey }) => signed(header, claims, privateKey, 'sha256', 'der')],
  ['another typ', (forge) => signed({ ...forge.header, typ: 'JWT' }, forge.claims, forge.privateKey)],
  ['no typ', ({ header: { typ: _, ...header }, claims, privateKey }) => signed(header, claims, privateKey)],
  ['another iss', (forge) => signed(forge.header, { ...forge.claims, iss: forge.url }, forge.privateKey)],
  ['no iss', ({ claims: { iss: _, ...claims }, header, privateKey }) => signed(header, claims, privateKey)],
  ['another aud', (forge) => signed(forge.header, { ...forge.claims, aud: 'other' }, forge.privateKey)],
  ['our aud among others', (forge) => signed(forge.header, { ...forge.claims, aud: [forge.claims.aud, 'other'] }, forge.privateKey)],
  ['the aud of service keys', (forge) => signed(forge.header, { ...forge.claims, aud: 'provost:service' }, forge.privateKey)],
  ...['aud', 'sub', 'sid', 'jti', 'iat', 'exp'].map((name): (typeof FORGERIES)[number] => [`no ${name}`, ({ claims: { [name]: _, ...claims }, header, privateKey }) => signed(header, claims, privateKey)]),
  ['a sub that is no id', (forge) => signed(forge.header, { ...forge.claims, sub: 'admin' }, forge.privateKey)],
  ['an exp that is text', (forge) => signed(forge.header, { ...forge.claims, exp: String(forge.claims.exp) }, forge.privateKey)],
  ['an exp beyond 15 minutes', (forge) => signed(forge.header, { ...forge.claims, exp: forge.now + 901 }, forge.privateKey)],
  ['an iat more than 30 seconds ahead', (forge) => signed(forge.header, { ...forge.claims, iat: forge.now + 31, exp: forge.now + 600 }, forge.privateKey)],
  ['more than 4 KB', (forge) => signed(forge.header, { ...forge.claims, filler: 'x'.repeat(4096) }, forge.privateKey)],
  ['a header member twice', ({ header, claims, privateKey }) => signedText(JSON.stringify(header).replace('{', '{"alg":"none",'), JSON.stringify(claims), privateKey)],
  ['a claim twice', ({ header, claims, privateKey }) => signedText(JSON.stringify(header), JSON.stringify(claims).replace('{', `{"sub":"${newId()}",`), privateKey)],
  ['a header that is no object', ({ parts }) => `${Buffer.from('eyeless').toString('base64url')}.${parts[1]}.${parts[2]}`],
  ['claims that are no JSON', ({ parts }) => `${parts[0]}.${Buffer.from('{"sub":').toString('base64url')}.${parts[2]}`],
];

describe('access tokens', () => {
  let api: Api;
  let server: Server;
  let fetched: string[];
  beforeAll(async () => {
    api = await Api.start();
    fetched = [];
    server = createServer(({ url }, answer) => {
      fetched.push(url ?? '');
      answer.end(JSON.stringify({ keys: [own.p256.publicKey.export({ format: 'jwk' })] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.close();
    await api.close();
  });

  const forgeFor = ({ accessToken }: SignedInCaller): Forge => {
    const parts = accessToken.split('.') as [string, string, string];
    const { privateKey } = api.app.get(SigningKeys).current;
    const { port } = server.address() as AddressInfo;
    const now = Math.floor(api.clock.millis() / 1000);
    return { token: accessToken, parts, header: read(parts[0]), claims: read(parts[1]), privateKey, publicKey: createPublicKey(privateKey), now, url: `http://127.0.0.1:${port}` };
  };
  const refused = async (token: string): Promise<void> => {
    const { status, headers, body } = await api.with(token).get('/auth/me');
    expect({ status, type: headers['content-type'], challenge: headers['www-authenticate'], code: body.code }).toEqual({
      status: 401,
      type: expect.stringContaining('application/problem+json'),
      challenge: 'Bearer realm="provost", error="invalid_token"',
      code: 'auth.invalid-token',
    });
  };

  it.each(FORGERIES)('with %s are refused', async (_flaw, forgery) => {
    const ada = await api.signedIn();
    await ada.get('/auth/me').expect(200);
    const forge = forgeFor(ada);
    const token = forgery(forge);
    expect(token).not.toBe(forge.token);
    await refused(token);
    await ada.get('/auth/me').expect(200);
  });

  it('never make the service fetch a key', async () => {
    const ada = await api.signedIn();
    for (const [, forgery] of FORGERIES) await api.with(forgery(forgeFor(ada))).get('/auth/me').expect(401);
    expect(fetched).toEqual([]);
  });

  it('that are signed like the real ones are taken: what is refused above is refused for its flaw', async () => {
    const { header, claims, privateKey } = forgeFor(await api.signedIn());
    await api.with(signed(header, { ...claims, jti: newId() }, privateKey)).get('/auth/me').expect(200);
  });

  it('from a clock that is up to 30 seconds ahead are taken', async () => {
    const { header, claims, privateKey, now } = forgeFor(await api.signedIn());
    await api.with(signed(header, { ...claims, jti: newId(), iat: now + 30, exp: now + 930 }, privateKey)).get('/auth/me').expect(200);
  });

  it('expire', async () => {
    const ada = await api.signedIn();
    api.clock.advanceSeconds(899);
    await ada.get('/auth/me').expect(200);
    api.clock.advanceSeconds(1);
    const { body } = await ada.get('/auth/me').expect(401).expect('www-authenticate', /invalid_token/);
    expect(body.code).toBe('auth.token-expired');
  });

  it('of one kind of account are worth nothing at the routes of another', async () => {
    const ada = await api.signedIn();
    await ada.get('/admin/auth/me').expect(401).expect('www-authenticate', /invalid_token/);
    const { password } = await api.app.get(AdminsService).create('warden');
    const { body } = await api.anyone.post('/admin/auth/login', { username: 'warden', password }).expect(200);
    for (const path of ['/auth/me', '/users/me']) await api.with(body.accessToken as string).get(path).expect(401).expect('www-authenticate', /invalid_token/);
  });

  it('that name another principal than their session belongs to are refused, whoever signed them', async () => {
    const { header, claims, privateKey } = forgeFor(await api.signedIn());
    const other = forgeFor(await api.signedIn());
    await api.with(signed(header, { ...claims, jti: newId(), sub: other.claims.sub }, privateKey)).get('/auth/me').expect(401);
  });

  it('can be verified by the published key, which has no secret half', async () => {
    const ada = await api.signedIn();
    const { body } = await api.anyone.get('/.well-known/jwks.json').expect(200);
    const [header, payload, signature] = ada.accessToken.split('.') as [string, string, string];
    const key = createPublicKey({ key: body.keys[0], format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });
});

function ec(namedCurve: string): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve });
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function read(text: string): Members {
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Members;
}

function signed(header: object, claims: object, key: KeyObject, hash: string | null = 'sha256', dsaEncoding: SignKeyObjectInput['dsaEncoding'] = 'ieee-p1363'): string {
  return signedText(JSON.stringify(header), JSON.stringify(claims), key, hash, dsaEncoding);
}

function signedText(header: string, claims: string, key: KeyObject, hash: string | null = 'sha256', dsaEncoding: SignKeyObjectInput['dsaEncoding'] = 'ieee-p1363'): string {
  const text = [header, claims].map((each) => Buffer.from(each).toString('base64url')).join('.');
  return `${text}.${sign(hash, Buffer.from(text), { key, dsaEncoding }).toString('base64url')}`;
}

function hs256({ header, claims }: Forge, secret: string | Buffer): string {
  const text = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function rawOf(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
}

function changed(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  bytes[20]! ^= 1;
  return bytes.toString('base64url');
}

/** 64 bytes end in the middle of a character, whose other bits mean nothing. */
function respelled(signature: string): string {
  const last = signature.at(-1)!;
  return signature.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + ('AQgw'.includes(last) ? 1 : -1));
}

/** Until the signature has a character that the two alphabets spell differently. */
function base64Of({ header, claims, privateKey }: Forge): string {
  for (;;) {
    const token = signed(header, claims, privateKey);
    const respelt = token.replaceAll('-', '+').replaceAll('_', '/');
    if (respelt !== token) return respelt;
  }
}
