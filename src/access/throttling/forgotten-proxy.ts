import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../../platform/config/settings.js';

/** Tells the operator, once, of a proxy that nobody named: through it all callers look like one network. */
@Injectable()
export class ForgottenProxy {
  private readonly logger = new Logger('Network');
  private isTold: boolean;

  constructor({ trustProxy }: Settings) {
    this.isTold = trustProxy.length > 0;
  }

  lookAt({ headers, socket }: FastifyRequest): void {
    if (this.isTold || headers['x-forwarded-for'] === undefined) return;
    this.isTold = true;
    this.logger.warn(`Requests from ${socket.remoteAddress ?? 'somewhere'} carry X-Forwarded-For, but TRUST_PROXY names no proxy: everybody behind it shares the limits of one network.`);
  }
}
