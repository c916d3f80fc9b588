import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../access/requires.js';
import { JwksDto } from './jwks.dto.js';
import { SigningKeys } from './signing-keys/signing-keys.js';

@ApiTags('auth')
@Public()
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  /** The public keys that verify access tokens (RFC 7517): one that signs, and those that will or did. Read them again after five minutes. */
  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  list(): JwksDto {
    return JwksDto.of(this.keys.published);
  }
}
