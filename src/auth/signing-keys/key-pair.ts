import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SettingsError } from '../../platform/config/load-settings.js';
import { sha256 } from '../../platform/crypto/hashes.js';

/** A P-256 key with the id that follows from it. */
export interface KeyPair {
  readonly kid: string;
  readonly pem: string;
  readonly publicJwk: PublicJwk;
}

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export function newKeyPair(): KeyPair {
  return keyPairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
}

export function keyPairOf(pem: string): KeyPair {
  const privateKey = readKey(pem);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new SettingsError('Wrong setting: SIGNING_KEY must lie on the P-256 curve.');
  const { x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicJwk: PublicJwk = { kty: 'EC', crv: 'P-256', x: x!, y: y! };
  return { kid: thumbprint(publicJwk), pem, publicJwk };
}

export function publicKeyOf(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: { ...jwk }, format: 'jwk' });
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new SettingsError('Wrong setting: SIGNING_KEY is not a readable PKCS#8 PEM private key.');
  }
}

/** RFC 7638: the hash of the required members in lexical order. */
function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return sha256(JSON.stringify({ crv, kty, x, y })).toString('base64url');
}
