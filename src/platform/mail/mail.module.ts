import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { MailDelivery } from './mail-delivery.js';
import { MailMetrics } from './mail-metrics.js';
import { MailPurge } from './mail-purge.js';
import { MailQueue } from './mail-queue.js';
import { MailSeal } from './mail-seal.js';
import { MailSender } from './mail-sender.js';
import { MailTransport } from './mail-transport.js';
import { MailWriters } from './mail-writers.js';
import { OutboxFolder } from './outbox-folder.js';
import { SmtpTransport } from './smtp-transport.js';

const transport = {
  provide: MailTransport,
  inject: [Settings],
  useFactory: ({ smtpUrl, dataDir }: Settings): MailTransport => (smtpUrl ? new SmtpTransport(smtpUrl) : new OutboxFolder(join(dataDir, 'outbox'))),
};

@Global()
@Module({
  providers: [transport, MailSeal, MailWriters, MailMetrics, MailDelivery, MailSender, MailPurge, MailQueue],
  exports: [MailQueue, MailSender, MailWriters],
})
export class MailModule {}
