import { Controller, Get, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { sha256 } from '../../platform/crypto/hashes.js';
import { IfNoneMatch } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { KIND_PARAM, PlotDto, PlotNumbersQueryDto, PlotQueryDto } from './plots.dto.js';
import { PlotsService } from './plots.service.js';

/** Names in it are what people typed: should one ever get out as markup, it could not run or fetch anything. */
const PICTURE_HEADERS = { 'content-type': 'image/svg+xml; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'" };
const NUMBER_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

@ApiTags('experiments')
@Controller('experiments/:experimentId/plots')
export class PlotsController {
  constructor(private readonly plots: PlotsService) {}

  /** A plot of a model as SVG, with title, units and a description in words. */
  @Get(':kind.svg')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404, 422, 503)
  @ApiParam(KIND_PARAM)
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  async picture(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('kind') kind: string, @Query() query: PlotQueryDto, @Res({ passthrough: true }) reply: FastifyReply, @IfNoneMatch() known: string | undefined): Promise<string | undefined> {
    return answer(reply, await this.plots.plot(actor, experimentId, kind, query, 'svg'), PICTURE_HEADERS, known);
  }

  /** The numbers and words of a plot, for clients that draw their own. */
  @Get(':kind.json')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404, 422, 503)
  @ApiParam(KIND_PARAM)
  @ApiOkResponse({ type: PlotDto })
  async numbers(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('kind') kind: string, @Query() query: PlotNumbersQueryDto, @Res({ passthrough: true }) reply: FastifyReply, @IfNoneMatch() known: string | undefined): Promise<string | undefined> {
    return answer(reply, await this.plots.plot(actor, experimentId, kind, query, 'json'), NUMBER_HEADERS, known);
  }
}

/** Whoever has the same content already is told so. */
function answer(reply: FastifyReply, text: string, headers: Record<string, string>, known: string | undefined): string | undefined {
  const tag = `"${sha256(text).toString('base64url').slice(0, 22)}"`;
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  if (known?.split(',').some((each) => each.trim().replace(/^W\//, '') === tag)) {
    reply.status(304);
    return undefined;
  }
  reply.headers(headers);
  return text;
}
