import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { type AuditReport, AuditVerification } from './audit-verification.js';
import { AuditService } from './audit.service.js';
import { VerificationCursor } from './verification-cursor.js';

export interface VerificationRequest {
  readonly since?: number;
  readonly seconds: number;
  readonly cursor?: string;
}

/** Proves the trail to admins; that somebody had it proven or took it away is itself recorded. */
@Injectable()
export class AuditProofService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly verification: AuditVerification,
    private readonly cursors: VerificationCursor,
    private readonly audit: AuditService,
  ) {}

  async verify(actor: Actor, { since = 0, seconds, cursor }: VerificationRequest): Promise<AuditReport & { since: number; cursor: string | null }> {
    const from = cursor === undefined ? await this.verification.since(since) : this.cursors.placeOf(cursor);
    const report = await this.verification.verify(from, seconds * 1000);
    if (!report.next) await this.record(actor, from.since, report);
    return { ...report, since: from.since, cursor: report.next && this.cursors.textOf(report.next) };
  }

  private record(actor: Actor, since: number, { ok, rows, checkpoints, firstFault }: AuditReport): Promise<void> {
    return this.audit.record(this.db, actor, 'audit.verify', null, { after: { ok, since, rows, checkpoints, firstBad: firstFault && { ...firstFault } } });
  }
}
