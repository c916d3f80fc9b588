import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { AuditEvent } from './audit-event.entity.js';
import type { AuditReport } from './audit-verification.js';
import type { AuditFault } from './faults.js';

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

export class VerifyQueryDto {
  /** The number of the checkpoint to begin at; what was written before it is taken for right. The beginning of all if absent. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0)
  since?: number;

  /** How long to go on at most. What is not walked then is left to the next request, with `cursor`. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(20)
  seconds: number = 5;

  /** `cursor` of the answer before. */
  @IsOptional() @IsString() @Length(1, 4096)
  cursor?: string;
}

export class AuditFaultDto {
  /** What became of it: `forged` is not of this installation, `outside` was written past the chains, `head` is the noted end of a lane. */
  kind!: 'edited' | 'reordered' | 'forged' | 'removed' | 'cut-off' | 'outside' | 'head' | 'checkpoint';
  /** The audit event; where events are missing, the one that follows them, if any. */
  id!: string | null;
  lane!: number | null;
  position!: number | null;
  /** When, as far as events beside it tell. */
  at!: string | null;
  detail!: string;

  static of({ kind, id, lane, seq, at, detail }: AuditFault): AuditFaultDto {
    return { kind, id, lane, position: seq, at, detail };
  }
}

export class VerificationDto {
  /** Whether everything walked so far is as it was written. */
  ok!: boolean;
  /** Whether all was walked. If not, ask again with `cursor`. */
  complete!: boolean;
  rows!: number;
  lanes!: number;
  checkpoints!: number;
  /** The checkpoint at which it began. */
  since!: number;
  /** The earliest fault found so far. */
  firstBad!: AuditFaultDto | null;
  /** Those found by this request, a hundred at most, earliest first. */
  faults!: AuditFaultDto[];
  cursor!: string | null;

  static of({ ok, rows, lanes, checkpoints, since, firstFault, faults, cursor }: AuditReport & { since: number; cursor: string | null }): VerificationDto {
    return { ok, complete: cursor === null, rows, lanes, checkpoints, since, firstBad: firstFault && AuditFaultDto.of(firstFault), faults: faults.map((fault) => AuditFaultDto.of(fault)), cursor };
  }
}
