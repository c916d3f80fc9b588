import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { type Origin, RequestOrigin } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IntrospectDto, IntrospectedDto } from './introspection.dto.js';
import { IntrospectionService } from './introspection.service.js';

@ApiTags('auth')
@Controller('auth/introspect')
export class IntrospectionController {
  constructor(private readonly introspection: IntrospectionService) {}

  /**
   * Tells an application about an access token or API key as RFC 7662 does; the application proves itself by its service key.
   *
   * For programs that know the standard. `POST /auth/verify` tells more: the limits, the reason, and it counts.
   */
  @Post()
  @HttpCode(200)
  @Requires(Permission.Verify)
  @RouteConfig({ form: true })
  @ApiConsumes('application/x-www-form-urlencoded')
  introspect(@Body() { token }: IntrospectDto, @RequestOrigin() origin: Origin): Promise<IntrospectedDto> {
    return this.introspection.introspect(token, origin);
  }
}
