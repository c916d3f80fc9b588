import type { AuditEvent } from './audit-event.entity.js';

export class AuditEventDto {
  id!: string;
  at!: string;
  /** Who did it: `system` is the service itself, a job or the command line. */
  actorKind!: 'user' | 'staff' | 'admin' | 'service' | 'system';
  actorId!: string | null;
  /** The user for whom a service key or an admin acted. */
  onBehalfOf!: string | null;
  /** @example 'users.ban' */
  action!: string;
  targetId!: string | null;
  /** What the change replaced; never a secret. Null where there was nothing, or the person it told of was erased. */
  before!: Record<string, unknown> | null;
  after!: Record<string, unknown> | null;
  reason!: string | null;
  ip!: string | null;
  requestId!: string | null;
  /** Which of the chains proves the row, and where in it. */
  lane!: number | null;
  position!: number | null;
  /** SHA-256 over this row and the hash of the row before it in its lane. */
  hash!: string | null;

  static of({ id, at, actorKind, actorId, onBehalfOf, action, targetId, before, after, reason, ip, requestId, lane, seq, hash }: AuditEvent): AuditEventDto {
    return { id, at: at.toISOString(), actorKind: actorKind as AuditEventDto['actorKind'], actorId, onBehalfOf, action, targetId, before, after, reason, ip, requestId, lane, position: seq, hash };
  }
}
