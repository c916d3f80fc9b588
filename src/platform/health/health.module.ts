import { Global, Module } from '@nestjs/common';
import { HealthService } from './health.service.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

@Global()
@Module({ providers: [HealthService, Metrics, Readiness], exports: [HealthService, Metrics, Readiness] })
export class HealthModule {}
