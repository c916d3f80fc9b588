import { Module } from '@nestjs/common';
import { AuditChain } from './audit-chain.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditProofService } from './audit-proof.service.js';
import { AuditService } from './audit.service.js';
import { AuditTrail } from './audit-trail.js';
import { AuditVerification } from './audit-verification.js';
import { AuditExportController } from './export/audit-export.controller.js';
import { AuditExport } from './export/audit-export.service.js';
import { LaneWalk } from './lane-walk.js';
import { VerificationCursor } from './verification-cursor.js';

@Module({
  controllers: [AuditEventsController, AuditExportController],
  providers: [AuditChain, AuditCheckpoints, LaneWalk, AuditVerification, VerificationCursor, AuditService, AuditProofService, AuditExport, AuditTrail],
  exports: [AuditService, AuditTrail, AuditCheckpoints, AuditVerification],
})
export class AuditModule {}
