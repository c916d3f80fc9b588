import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Forbidden } from '../platform/problems/problems.js';
import type { Actor } from './actor.js';
import { NetworkRules } from './network-rules.js';
import { PrincipalKind } from './permission.js';
import type { RouteRule } from './route-rules.js';

type Note = (actor: Actor, method: string, path: string) => Promise<void>;

const READS = new Set(['GET', 'HEAD']);

/** Admins who see what a user sees: they write nothing, and what they look at is noted before they see it. */
@Injectable()
export class Impersonation {
  private note?: Note;

  constructor(private readonly networks: NetworkRules) {}

  /** Whoever keeps the audit brings this; without it nothing can be seen. */
  onRead(note: Note): void {
    this.note = note;
  }

  /** Before anything else is looked at: whatever the route is, it is not written to. */
  admit({ origin }: Actor, { ownerOnly }: RouteRule, { method }: FastifyRequest): void {
    if (isWrite(method)) throw new ReadOnly();
    if (ownerOnly) throw new OwnerOnly();
    this.networks.admit(PrincipalKind.Admin, origin.ip);
  }

  async noteRead(actor: Actor, { method, url }: FastifyRequest): Promise<void> {
    if (!this.note) throw new Error('Nobody notes what is read by impersonation');
    await this.note(actor, method, url.split('?', 1)[0]!.slice(0, 500));
  }
}

export function isWrite(method: string): boolean {
  return !READS.has(method);
}

export class ReadOnly extends Forbidden {
  constructor() {
    super('Who acts as a user can look, and change nothing.', 'access.read-only');
  }
}

class OwnerOnly extends Forbidden {
  constructor() {
    super('This is for the user alone.', 'access.owner-only');
  }
}
