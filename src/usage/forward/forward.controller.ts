import { All, Controller, HttpCode, Query, Res, UseFilters } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { OwnerOnly, RequiresCredential } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { FORWARD_HEADERS, headersFor } from './forward-headers.js';
import { ForwardQueryDto } from './forward.dto.js';
import { ForwardRefusals } from './forward-refusals.js';
import { ForwardService } from './forward.service.js';

@ApiTags('auth')
@Controller('auth/forward')
@UseFilters(ForwardRefusals)
export class ForwardController {
  constructor(private readonly forward: ForwardService) {}

  /**
   * Tells a reverse proxy whether to let a request through, and who sent it; with any method.
   *
   * For nginx (`auth_request`), Caddy and Traefik (`forward_auth`), which send the credentials of whoever asks them. The proxy's
   * own configuration adds the query. A refusal is repeated in the header `X-Provost-Problem` as ASCII, for proxies that
   * throw its body away.
   */
  @All()
  @HttpCode(204)
  @RequiresCredential()
  @OwnerOnly()
  @Refuses(402)
  @ApiNoContentResponse({ description: 'Let it through, with these headers in the place of those that the client sent.', headers: FORWARD_HEADERS })
  async ask(@CurrentActor() actor: Actor, @Query() query: ForwardQueryDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    reply.headers(headersFor(await this.forward.admit(actor, query)));
  }
}
