import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { WrappedColumns } from '../platform/crypto/wrapped-columns.js';
import { SECRET_PREFIX } from './sending/signature.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';

const BYTES = 32;

export interface NewSecret {
  readonly secret: string;
  readonly sealed: string;
}

/** Makes and opens the secrets that messages are signed with. */
@Injectable()
export class WebhookSecrets {
  constructor(
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    wrapped: WrappedColumns,
  ) {
    for (const column of ['sealed_secret', 'former_secret']) wrapped.register({ table: 'webhook_endpoints', column, key: ['id'], context: contextOf });
  }

  make(endpointId: string): NewSecret {
    const secret = `${SECRET_PREFIX}${randomBytes(BYTES).toString('base64')}`;
    return { secret, sealed: this.keyring.wrap(secret, contextOf(endpointId)) };
  }

  /** Those that sign at this moment, the newest first. */
  of({ id, sealedSecret, formerSecret, formerUntil }: WebhookEndpoint): string[] {
    const isOverlap = formerSecret !== null && formerUntil !== null && formerUntil > this.clock.now();
    return [sealedSecret, ...(isOverlap ? [formerSecret] : [])].map((sealed) => this.keyring.unwrap(sealed, contextOf(id)).toString());
  }
}

function contextOf(endpointId: string): string {
  return `webhook:${endpointId}`;
}
