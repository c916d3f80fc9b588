import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { IfMatch, setEntityTag } from '../platform/http/entity-tag.js';
import { Refuses } from '../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { CreateWebhookDto, NewWebhookDto, RotateWebhookDto, UpdateWebhookDto, WebhookDto } from './webhooks.dto.js';
import { WEBHOOKS_LIST } from './webhooks.list.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('admin')
@Controller('admin/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  /** Webhooks, oldest first; never their secrets. */
  @Get()
  @Requires(Permission.WebhooksRead)
  @ListRoute(WEBHOOKS_LIST, WebhookDto)
  async list(@WantedOf(WEBHOOKS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<WebhookDto>> {
    return answerList(reply, wanted, await this.webhooks.list(wanted), (endpoint) => WebhookDto.of(endpoint));
  }

  /** Makes a webhook, which is told of what happens from now on. The secret that signs is in this answer and nowhere else, ever. */
  @Post()
  @Requires(Permission.WebhooksWrite)
  @Refuses(409)
  create(@CurrentActor() actor: Actor, @Body() request: CreateWebhookDto, @Idempotent() repeat?: IdempotentRequest): Promise<NewWebhookDto> {
    return this.webhooks.create(actor, request, (told) => NewWebhookDto.told(told), repeat);
  }

  /** One webhook. */
  @Get(':id')
  @Requires(Permission.WebhooksRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<WebhookDto> {
    return answer(await this.webhooks.get(id), reply);
  }

  /** As PATCH: admin panels send whole records, or parts of many, by PUT. */
  @Put(':id')
  @Requires(Permission.WebhooksWrite)
  @Refuses(412)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateWebhookDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<WebhookDto> {
    return this.update(actor, id, change, version, reply);
  }

  /** Changes a webhook; fields that are absent stay as they are. Enabled again, it is sent what it missed. */
  @Patch(':id')
  @Requires(Permission.WebhooksWrite)
  @Refuses(412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateWebhookDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<WebhookDto> {
    return answer(await this.webhooks.update(actor, id, change, version), reply);
  }

  /** Removes a webhook, and with it what was still waiting for it. */
  @Delete(':id')
  @Requires(Permission.WebhooksWrite)
  @Refuses(412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<WebhookDto> {
    return WebhookDto.of(await this.webhooks.remove(actor, id, version));
  }

  /** Gives the webhook a new secret; until the overlap is over (a day by default) messages carry the signatures of both. */
  @Post(':id/rotate')
  @HttpCode(200)
  @Requires(Permission.WebhooksWrite)
  @Refuses(404, 409)
  rotate(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { overlapSeconds }: RotateWebhookDto, @Idempotent() repeat?: IdempotentRequest): Promise<NewWebhookDto> {
    return this.webhooks.rotateSecret(actor, id, overlapSeconds, (told) => NewWebhookDto.told(told), repeat);
  }
}

function answer(endpoint: WebhookEndpoint, reply: FastifyReply): WebhookDto {
  setEntityTag(reply, endpoint.version);
  return WebhookDto.of(endpoint);
}
