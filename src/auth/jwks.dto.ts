import type { PublishedKey } from './signing-keys/signing-keys.js';

/** A public key on the P-256 curve. */
export class JwkDto {
  /** @example 'EC' */
  kty!: string;
  /** @example 'P-256' */
  crv!: string;
  x!: string;
  y!: string;
  kid!: string;
  /** @example 'sig' */
  use!: string;
  /** @example 'ES256' */
  alg!: string;
}

export class JwksDto {
  keys!: JwkDto[];

  static of(published: readonly PublishedKey[]): JwksDto {
    return { keys: published.map(({ kid, jwk: { kty, crv, x, y } }) => ({ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' })) };
  }
}
