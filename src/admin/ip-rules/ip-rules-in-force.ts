import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { NetworkRules } from '../../access/network-rules.js';
import { Changes } from '../../platform/changes/changes.js';
import { IpRule } from './ip-rule.entity.js';

const RETRY_MS = 1000;

/** Brings the rules of the table to those who check requests: at start, and whenever any process has changed them. */
@Injectable()
export class IpRulesInForce implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IpRulesInForce.name);
  /** One after the other: an older state must not overtake a newer one. */
  private loading: Promise<void> = Promise.resolve();
  private retry?: NodeJS.Timeout;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly rules: NetworkRules,
    changes: Changes,
  ) {
    changes.on('ip-rules', () => this.load());
  }

  /** Before the first request is served; a service that cannot read its rules does not start. */
  async onApplicationBootstrap(): Promise<void> {
    this.rules.use(await this.db.find(IpRule));
  }

  onApplicationShutdown(): void {
    clearTimeout(this.retry);
  }

  load(): Promise<void> {
    return (this.loading = this.loading.then(() => this.read()));
  }

  /** A change that cannot be read now is read a little later: until then the rules from before hold. */
  private async read(): Promise<void> {
    clearTimeout(this.retry);
    try {
      this.rules.use(await this.db.find(IpRule));
    } catch (error) {
      this.logger.warn(`The IP rules cannot be read and stay as they were for now: ${String(error)}`);
      this.retry = setTimeout(() => void this.load(), RETRY_MS).unref();
    }
  }
}
