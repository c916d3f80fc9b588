import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../access/requires.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { JwksDto } from './jwks.dto.js';

@ApiTags('auth')
@Public()
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keyring: Keyring) {}

  /** The public keys that verify access tokens (RFC 7517). */
  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  keys(): JwksDto {
    const { kid, publicKey } = this.keyring.signing;
    const { x, y } = publicKey.export({ format: 'jwk' });
    return { keys: [{ kty: 'EC', crv: 'P-256', x: x!, y: y!, kid, use: 'sig', alg: 'ES256' }] };
  }
}
