import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Step } from '../../platform/compute/messages.js';
import { Computation, UNFINISHED } from './computation.entity.js';
import { ComputationLost } from './computations.problems.js';
import { end, failed } from './endings.js';

const BEAT_MS = 1000;
const MS_BETWEEN_HEARTBEATS = 10_000;

interface Carried {
  readonly abort: AbortController;
  /** What its row has not been told yet. */
  step: Step | undefined;
  hasBegun: boolean;
  toldAt: number;
}

/**
 * The computations that this process carries out. Tells their rows every second how far they are, and learns that one is no
 * longer wanted: by the feed of changes, or because its row is not unfinished any more.
 */
@Injectable()
export class Pulse implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Pulse.name);
  private readonly carried = new Map<string, Carried>();
  private timer?: NodeJS.Timeout;
  private beating?: Promise<void>;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.changes.on('computation-ended', (id) => this.drop(id));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void (this.beating ??= this.beat().finally(() => (this.beating = undefined))), BEAT_MS);
    this.timer.unref();
  }

  /** Those who wait are told at once, and not when they notice the silence. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    for (const [id, { abort }] of this.carried) {
      await end(this.db, { id }, failed(new ComputationLost(), this.clock.now()));
      abort.abort();
    }
  }

  /** Carries a computation as long as the work goes on. */
  async during<T>(id: string, work: (signal: AbortSignal, onProgress: (step: Step) => void) => Promise<T>): Promise<T> {
    const carried: Carried = { abort: new AbortController(), step: undefined, hasBegun: false, toldAt: performance.now() };
    this.carried.set(id, carried);
    try {
      return await work(carried.abort.signal, (step) => (carried.step = step));
    } finally {
      this.carried.delete(id);
    }
  }

  private drop(id: string | undefined): void {
    if (id !== undefined) this.carried.get(id)?.abort.abort();
    else for (const carried of this.carried.values()) carried.toldAt = -Infinity;
  }

  private async beat(): Promise<void> {
    try {
      for (const [id, carried] of this.carried) if (carried.step || performance.now() - carried.toldAt >= MS_BETWEEN_HEARTBEATS) await this.tell(id, carried);
    } catch (error) {
      this.logger.warn(`How far computations are cannot be written: ${String(error)}`);
    }
  }

  private async tell(id: string, carried: Carried): Promise<void> {
    const { step, hasBegun } = carried;
    Object.assign(carried, { step: undefined, hasBegun: hasBegun || step !== undefined, toldAt: performance.now() });
    const heartbeatAt = this.clock.now();
    const reached = step && { state: 'running' as const, progress: step.done, ...(step.best !== undefined && { best: step.best }), ...(!hasBegun && { startedAt: heartbeatAt }) };
    const { affected } = await this.db.update(Computation, { id, state: In(UNFINISHED) }, { heartbeatAt, ...reached });
    if (affected !== 1) carried.abort.abort();
  }
}
