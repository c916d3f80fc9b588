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
}
