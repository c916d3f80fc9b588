import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/requires.js';
import { LimitedAs } from '../access/throttling/rate-class.js';
import { Settings } from '../platform/config/settings.js';
import { sha256 } from '../platform/crypto/keyring.js';
import { HealthDto, type HealthCheckDto } from '../platform/health/health.dto.js';
import { HealthService } from '../platform/health/health.service.js';
import { Metrics } from '../platform/health/metrics.js';
import { addressOf, isForwarded, isLoopback } from '../platform/network/addresses.js';
import { Unauthenticated } from '../platform/problems/problems.js';
import { VERSION } from '../version.js';

@ApiTags('operations')
@Public()
@LimitedAs('none')
@Controller()
export class OperationsController {
  constructor(
    private readonly health: HealthService,
    private readonly metrics: Metrics,
    private readonly settings: Settings,
  ) {}

  /** Everything that is checked: database, disk, memory. 503 when one is down. */
  @Get('health')
  async all(): Promise<HealthDto> {
    return report(await this.health.all());
  }

  /** Whether the process lives; says nothing about what it depends on. */
  @Get('health/live')
  live(): HealthDto {
    return report({});
  }

  /** Whether this instance should get traffic. 503 while it stops or its database is away. */
  @Get('health/ready')
  async ready(): Promise<HealthDto> {
    return report(await this.health.ready());
  }

  /** Whether the database answers. */
  @Get('health/db')
  async database(): Promise<HealthDto> {
    return report(await this.health.databaseOnly());
  }

  /** Prometheus metrics, for the bearer of METRICS_TOKEN or, without one, for loopback callers. */
  @Get('metrics')
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Prometheus text format.', schema: { type: 'string' } })
  async prometheus(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.mayRead(request)) throw new Unauthenticated('metrics.unauthenticated', 'Metrics want the METRICS_TOKEN as bearer token.');
    await reply.header('content-type', this.metrics.registry.contentType).send(await this.metrics.text());
  }

  private mayRead(request: FastifyRequest): boolean {
    const { metricsToken } = this.settings;
    // A proxy on this machine that nobody named in TRUST_PROXY looks like loopback, but says for whom it asks.
    if (!metricsToken) return isLoopback(addressOf(request)) && !isForwarded(request);
    const given = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
    return timingSafeEqual(sha256(given), sha256(metricsToken));
  }
}

function report(checks: Record<string, HealthCheckDto>): HealthDto {
  return { status: 'ok', checks, version: VERSION, uptimeSeconds: Math.round(process.uptime()) };
}
