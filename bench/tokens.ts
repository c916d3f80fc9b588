import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { newId } from '../src/platform/ids/ids.js';
import type { Session } from './population.js';

/** The pair of keys that the service of this run signs with, so that the bench can sign people in without it. */
export class TokenMaker {
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly masterKey = randomBytes(32).toString('base64');
  readonly issuer = 'http://bench.localhost';

  get privatePem(): string {
    return this.pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  get publicPem(): string {
    return this.pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  }

  accessToken({ id, userId }: Session, kid: string, kind = 'user'): string {
    const iat = Math.floor(Date.now() / 1000);
    const head = part({ alg: 'ES256', typ: 'at+jwt', kid });
    const payload = part({ iss: this.issuer, aud: `provost:${kind}`, sub: userId, sid: id, jti: newId(), iat, exp: iat + 900 });
    const signature = sign('sha256', Buffer.from(`${head}.${payload}`), { key: this.pair.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${head}.${payload}.${signature.toString('base64url')}`;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
