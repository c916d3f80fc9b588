import { Readable } from 'node:stream';
import { Controller, Get, Param, ParseUUIDPipe, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Bundles } from './bundle.service.js';

@ApiTags('experiments')
@Controller('experiments')
export class BundleController {
  constructor(private readonly bundles: Bundles) {}

  /**
   * An experiment as one signed file: its rows, its versions, and its models with the data and all figures. With nothing but
   * the file `provost experiment verify-bundle` computes every figure again.
   */
  @Get(':id/bundle')
  @RouteConfig({ untimed: true })
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ApiOkResponse({ content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } } })
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    // Some hundred rows ahead at most: a client that reads slowly must not fill the memory.
    const file = Readable.from(await this.bundles.begin(actor, id), { highWaterMark: 1 });
    return new StreamableFile(file, { type: 'application/json; charset=utf-8', disposition: `attachment; filename="experiment-${id}.json"` });
  }
}
