import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { Refuses } from '../platform/http/refuses.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { DeliveryDto, ReplayDto, ReplayedDto } from './deliveries.dto.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryStatus } from './webhook-delivery.entity.js';
import { DELIVERIES_LIST } from './webhooks.list.js';

@ApiTags('admin')
@Controller('admin/webhooks/:id')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  /** What became of the events of a webhook, newest first. */
  @Get('deliveries')
  @Requires(Permission.WebhooksRead)
  @ListRoute(DELIVERIES_LIST, DeliveryDto)
  async list(@Param('id', ParseUUIDPipe) id: string, @WantedOf(DELIVERIES_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<DeliveryDto>> {
    return answerList(reply, wanted, await this.deliveries.list(id, wanted), (delivery) => DeliveryDto.of(delivery));
  }

  /** One delivery with its attempts. */
  @Get('deliveries/:deliveryId')
  @Requires(Permission.WebhooksRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Param('deliveryId', ParseUUIDPipe) deliveryId: string): Promise<DeliveryDto> {
    return DeliveryDto.of(await this.deliveries.get(id, deliveryId));
  }

  /** Sends a finished delivery again, with the same `webhook-id` and all attempts anew. */
  @Post('deliveries/:deliveryId/replay')
  @HttpCode(200)
  @Requires(Permission.WebhooksWrite)
  @Refuses(404, 409)
  async replayOne(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Param('deliveryId', ParseUUIDPipe) deliveryId: string): Promise<DeliveryDto> {
    return DeliveryDto.of(await this.deliveries.replay(actor, id, deliveryId));
  }

  /** Sends again what was given up, or everything, since an instant. What is waiting is left as it is. */
  @Post('replay')
  @HttpCode(200)
  @Requires(Permission.WebhooksWrite)
  @Refuses(404)
  async replay(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { which, since }: ReplayDto): Promise<ReplayedDto> {
    const statuses = which === 'all' ? [DeliveryStatus.Dead, DeliveryStatus.Delivered] : [DeliveryStatus.Dead];
    return { replayed: await this.deliveries.replayAll(actor, id, { statuses, ...(since ? { since: new Date(since) } : {}) }) };
  }

  /** Sends an event of type `webhook.test` to this webhook, whatever it is subscribed to; read the delivery for what came of it. */
  @Post('test')
  @Requires(Permission.WebhooksWrite)
  @Refuses(404)
  async test(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<DeliveryDto> {
    return DeliveryDto.of(await this.deliveries.test(actor, id));
  }
}
