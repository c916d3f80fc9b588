import { Injectable } from '@nestjs/common';
import type { Actor, Impersonator, Origin } from '../access/actor.js';
import { Authenticators } from '../access/authenticators.js';
import { NetworkRules } from '../access/network-rules.js';
import { StillPending } from '../access/pending.js';
import { PrincipalKind } from '../access/permission.js';
import { Problem } from '../platform/problems/problem.js';
import { ConsumptionService } from './consumption.service.js';
import { InsufficientCredits, LimitReached } from './usage.problems.js';
import { UsageReader } from './usage-reader.js';
import type { VerifiedDto } from './verification.dto.js';

export interface Cost {
  conversations?: number;
  credits?: number;
}

export interface Presented {
  /** Of the application that asks. */
  readonly origin: Origin;
  /** Where the credential was presented to it. */
  readonly ip?: string;
  readonly cost?: Cost;
}

/** Tells an application who is behind a credential that was presented to it. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly networks: NetworkRules,
    private readonly consumption: ConsumptionService,
    private readonly reader: UsageReader,
  ) {}

  async verify(credential: string, { origin, ip, cost }: Presented): Promise<VerifiedDto> {
    const authenticator = this.authenticators.for(credential);
    if (!authenticator) return { active: false, reason: 'auth.invalid-token' };
    try {
      const actor = await authenticator.authenticate(credential, ip === undefined ? origin : { ...origin, ip });
      // Without an address the application alone is known to be in the right network.
      if (ip !== undefined) this.networks.admit(actor.kind, ip);
      if (actor.impersonator) return readOnly(actor, actor.impersonator);
      if (actor.pending) throw new StillPending(actor.pending);
      return await this.describe(actor, cost);
    } catch (error) {
      if (!(error instanceof Problem) || !INACTIVE.has(error.kind)) throw error;
      return { active: false, reason: error.code };
    }
  }

  private async describe(actor: Actor, cost: Cost | undefined): Promise<VerifiedDto> {
    const known = { subject: actor.id, kind: actor.kind, scopes: scopesOf(actor.permissions) };
    if (actor.kind !== PrincipalKind.User) return { active: true, ...known };
    const refused = cost && (await this.count(actor, cost));
    const { plan, limits } = await this.reader.view(actor.id, actor.timeZone);
    return refused ? { active: false, ...known, plan: plan.name, limits, reason: refused } : { active: true, ...known, plan: plan.name, limits };
  }

  /** Counts the cost; answers why not when it was refused. */
  private async count(actor: Actor, { conversations = 0, credits = 0 }: Cost): Promise<string | undefined> {
    if (conversations === 0 && credits === 0) return undefined;
    try {
      await this.consumption.consume({ actor, userId: actor.id, conversations, credits });
      return undefined;
    } catch (error) {
      if (error instanceof LimitReached || error instanceof InsufficientCredits) return error.code;
      throw error;
    }
  }
}

/** Not active to applications that do not know of it, since they would let it write; who does may show the user's pages. Nothing is counted. */
function readOnly({ id, kind }: Actor, { id: adminId }: Impersonator): VerifiedDto {
  return { active: false, subject: id, kind, readOnly: true, act: { sub: adminId, kind: PrincipalKind.Admin }, reason: 'access.read-only' };
}

const INACTIVE = new Set(['unauthenticated', 'forbidden']);
const scopeLists = new WeakMap<ReadonlySet<string>, string[]>();

/** Callers with the same scopes share the set, so its list is made once. */
function scopesOf(permissions: ReadonlySet<string>): string[] {
  let list = scopeLists.get(permissions);
  if (!list) scopeLists.set(permissions, (list = [...permissions]));
  return list;
}

