import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Load } from './scenario.js';

export type DriverCall = { kind: 'learn'; id: number; load: Load } | { kind: 'run'; id: number; amount: number } | { kind: 'start'; id: number } | { kind: 'stop' };

/** One run of a load. */
export interface Run {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly statuses: Record<number, number>;
  readonly failures: number;
}

/** autocannon on a thread of its own. */
export class Driver {
  private readonly worker = new Worker(new URL('./driver-worker.js', import.meta.url));
  private readonly known = new Map<Load, number>();

  async run(load: Load, amount: number): Promise<Run> {
    this.call({ kind: 'run', id: this.idOf(load), amount });
    const [run] = (await once(this.worker, 'message')) as [Run];
    return run;
  }

  /** Sends the load until `stop`. */
  start(load: Load): void {
    this.call({ kind: 'start', id: this.idOf(load) });
  }

  stop(): void {
    this.call({ kind: 'stop' });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private idOf(load: Load): number {
    let id = this.known.get(load);
    if (id === undefined) {
      id = this.known.size;
      this.known.set(load, id);
      this.call({ kind: 'learn', id, load: { ...load, background: undefined } });
    }
    return id;
  }

  private call(call: DriverCall): void {
    this.worker.postMessage(call);
  }
}
