import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** The Prometheus metrics of this process; modules add their own to the registry. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly writers: (() => string)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** For figures that are added to so often that they are kept outside of the registry: writes them, in Prometheus' format. */
  writtenBy(writer: () => string): void {
    this.writers.push(writer);
  }

  async text(): Promise<string> {
    return (await this.registry.metrics()) + this.writers.map((write) => `\n${write()}`).join('');
  }
}
