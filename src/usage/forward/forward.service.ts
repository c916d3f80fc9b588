import { Injectable } from '@nestjs/common';
import { MissingPermission } from '../../access/access.guard.js';
import type { Actor } from '../../access/actor.js';
import { type Permission, PrincipalKind } from '../../access/permission.js';
import { Forbidden } from '../../platform/problems/problems.js';
import { ConsumptionService } from '../consumption.service.js';
import { UsageReader } from '../usage-reader.js';

/** What a proxy asks for on behalf of the application behind it. */
export interface Demand {
  readonly scope?: Permission;
  readonly conversations?: number;
  readonly credits?: number;
}

/** Who was let through, as the application behind the proxy is told. */
export interface Admitted {
  readonly subject: string;
  readonly kind: PrincipalKind;
  readonly scopes: Iterable<string>;
  /** Of a user. */
  readonly plan?: string;
}

/** Decides for a reverse proxy about a caller whose credential the guard has found to be alive. */
@Injectable()
export class ForwardService {
  constructor(
    private readonly consumption: ConsumptionService,
    private readonly reader: UsageReader,
  ) {}

  async admit(actor: Actor, { scope, conversations = 0, credits = 0 }: Demand): Promise<Admitted> {
    if (scope !== undefined && !actor.permissions.has(scope)) throw new MissingPermission(scope, actor);
    const counts = conversations > 0 || credits > 0;
    const admitted = { subject: actor.id, kind: actor.kind, scopes: actor.permissions };
    if (actor.kind !== PrincipalKind.User) {
      if (counts) throw new CountsNothing();
      return admitted;
    }
    if (counts) await this.consumption.consume({ actor, userId: actor.id, conversations, credits });
    const { plan } = await this.reader.view(actor.id, actor.timeZone);
    return { ...admitted, plan: plan.name };
  }
}

class CountsNothing extends Forbidden {
  constructor() {
    super('What comes through here is counted, and a service key has no limits of its own: use the key or token of a user.', 'usage.user-needed');
  }
}
