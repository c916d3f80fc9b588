import { Module } from '@nestjs/common';
import { AuditChain } from './audit-chain.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditService } from './audit.service.js';
import { AuditTrail } from './audit-trail.js';
import { AuditVerification } from './audit-verification.js';

@Module({ controllers: [AuditEventsController], providers: [AuditChain, AuditCheckpoints, AuditVerification, AuditService, AuditTrail], exports: [AuditService, AuditTrail, AuditCheckpoints, AuditVerification] })
export class AuditModule {}
