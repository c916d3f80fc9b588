import { statfs } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Sql } from '../database/sql.js';
import { JobStates } from '../jobs/job-states.js';
import { Problem } from '../problems/problem.js';
import { RedisConnection } from '../redis/redis-connection.js';
import type { HealthCheckDto } from './health.dto.js';
import { Readiness } from './readiness.js';

const LEAST_FREE_DISK_BYTES = 100 * 1024 * 1024;

export class Unhealthy extends Problem {
  constructor(checks: Record<string, HealthCheckDto>) {
    const down = Object.entries(checks).filter(([, check]) => check.status !== 'up').map(([name]) => name);
    super('unavailable', 'health.down', `Not healthy: ${down.join(', ')}.`, { extensions: { checks }, retryAfterSeconds: 2 });
  }
}

@Injectable()
export class HealthService {
  constructor(
    private readonly settings: Settings,
    private readonly sql: Sql,
    private readonly readiness: Readiness,
    private readonly redis: RedisConnection,
    private readonly jobs: JobStates,
  ) {}

  /** Every check; throws Unhealthy with all of them when one is down. */
  async all(): Promise<Record<string, HealthCheckDto>> {
    const [database, disk] = await Promise.all([this.database(), this.disk()]);
    const checks = { ...this.demandUp({ database, disk, memory: this.memory() }), jobs: await this.failingJobs() };
    // Optional, so its being away is told and makes nothing unhealthy.
    return this.redis.client ? { ...checks, redis: { status: this.redis.state } } : checks;
  }

  async ready(): Promise<Record<string, HealthCheckDto>> {
    const serving = { status: this.readiness.isStopping ? 'stopping' : 'up' };
    return this.demandUp({ serving, database: await this.database() });
  }

  async databaseOnly(): Promise<Record<string, HealthCheckDto>> {
    return this.demandUp({ database: await this.database() });
  }

  private demandUp(checks: Record<string, HealthCheckDto>): Record<string, HealthCheckDto> {
    if (Object.values(checks).some((check) => check.status !== 'up')) throw new Unhealthy(checks);
    return checks;
  }

  private async database(): Promise<HealthCheckDto> {
    const started = performance.now();
    try {
      await this.sql.execute('SELECT 1', []);
      return { status: 'up', details: { engine: this.settings.databaseUrl ? 'mysql' : 'embedded', answerMs: Math.round((performance.now() - started) * 10) / 10 } };
    } catch {
      return { status: 'down' };
    }
  }

  private async disk(): Promise<HealthCheckDto> {
    const { bavail, bsize } = await statfs(this.settings.dataDir);
    const freeBytes = bavail * bsize;
    return { status: freeBytes >= LEAST_FREE_DISK_BYTES ? 'up' : 'low', details: { freeBytes } };
  }

  /** Told, and makes nothing unhealthy: another instance would not do better. */
  private async failingJobs(): Promise<HealthCheckDto> {
    const failing = (await this.jobs.failing()).length;
    return { status: failing === 0 ? 'up' : 'failing', details: { failing } };
  }

  private memory(): HealthCheckDto {
    const { rss, heapUsed } = process.memoryUsage();
    return { status: 'up', details: { rssBytes: rss, heapUsedBytes: heapUsed } };
  }
}
