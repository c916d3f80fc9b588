import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { Bell } from './bell.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { Events } from './events.js';
import { Deliverer } from './sending/deliverer.js';
import { EndpointHealth } from './sending/endpoint-health.js';
import { Poster } from './sending/poster.js';
import { WebhookMetrics } from './sending/webhook-metrics.js';
import { WebhookSender } from './sending/webhook-sender.js';
import { NameResolver, SystemNames } from './target/name-resolver.js';
import { Targets } from './target/targets.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksPurge } from './webhooks-purge.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Global, because every module above it has something to tell. */
@Global()
@Module({
  imports: [AuditModule],
  controllers: [WebhooksController, DeliveriesController],
  providers: [{ provide: NameResolver, useClass: SystemNames }, Targets, Bell, Events, WebhookSecrets, Poster, EndpointHealth, WebhookMetrics, Deliverer, WebhookSender, WebhooksService, DeliveriesService, WebhooksPurge],
  exports: [Events],
})
export class WebhooksModule {}
