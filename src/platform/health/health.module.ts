import { Global, Module } from '@nestjs/common';
import { HttpMetrics } from '../http/http-metrics.js';
import { HealthService } from './health.service.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

@Global()
@Module({ providers: [HealthService, HttpMetrics, Metrics, Readiness], exports: [HealthService, HttpMetrics, Metrics, Readiness] })
export class HealthModule {}
