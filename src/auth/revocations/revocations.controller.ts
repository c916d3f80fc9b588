import { Controller, Get, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationsDto, RevocationsQueryDto } from './revocations.dto.js';

@ApiTags('auth')
@Controller('auth/revocations')
export class RevocationsController {
  constructor(private readonly feed: RevocationFeed) {}

  /** Tells an application what it verified and must verify anew: as soon as it happens, for those who wait. */
  @Get()
  @RouteConfig({ untimed: true })
  @Requires(Permission.Verify)
  @Refuses(410, 503)
  async news(@Query() { cursor, waitSeconds }: RevocationsQueryDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<RevocationsDto> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return RevocationsDto.of(cursor === undefined ? await this.feed.present() : await this.feed.after(cursor, waitSeconds, gone.signal));
  }
}
