import { MessageChannel } from 'node:worker_threads';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Settings } from '../../platform/config/settings.js';
import { Problem } from '../../platform/problems/problem.js';
import { ComputeFailed, ComputeTimedOut } from './compute.errors.js';
import type { Answer, Order, Step } from './messages.js';
import type { TaskInput, TaskName, TaskOutput } from './tasks.js';
import { Turns } from './turns.js';

/** The file that worker threads run; threads load built files only. */
export const COMPUTE_WORKER = Symbol('COMPUTE_WORKER');

const MS_IDLE = 15_000;
const MEMORY_MIB = 512;
/** Behind everything else that the process does. */
const NICENESS = 10;
/** A task that looks at its time ends by itself; others are ended after twice that. */
const PATIENCE = 2;

export interface ComputeOptions {
  /** Ends the task, and its thread with it. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: Step) => void;
  /** Default: COMPUTE_SECONDS. */
  readonly seconds?: number;
}

/** Long computations on threads of their own, at lower priority: the event loop stays free, memory and waiting stay bounded. */
@Injectable()
export class Compute implements OnApplicationShutdown {
  private pool: Piscina | undefined;
  private readonly turns = new Turns(() => this.settings.computeThreads);

  constructor(
    private readonly settings: Settings,
    @Inject(COMPUTE_WORKER) private readonly worker: URL,
  ) {}

  /** What the task answers; its Problems come out as they were thrown. An aborted one rejects with the signal's reason. */
  run<Name extends TaskName>(task: Name, input: TaskInput<Name>, options: ComputeOptions = {}): Promise<TaskOutput<Name>> {
    return this.turns.take(options.signal, () => this.order(task, input, options) as Promise<TaskOutput<Name>>);
  }

  private async order(task: TaskName, input: unknown, { signal, onProgress, seconds = this.settings.computeSeconds }: ComputeOptions): Promise<unknown> {
    const { port1: here, port2: port } = new MessageChannel();
    const watch = new Watch(seconds * PATIENCE, signal);
    here.on('message', (step: Step) => {
      watch.begin();
      onProgress?.(step);
    });
    try {
      const order: Order = { task, input, seconds, port };
      return outputOf((await this.threads.run(order, { transferList: [port], signal: watch.signal })) as Answer);
    } catch (error) {
      throw watch.isOver ? new ComputeTimedOut(seconds) : reasonOf(error, signal);
    } finally {
      watch.end();
      here.close();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  private get threads(): Piscina {
    this.pool ??= new Piscina({
      filename: this.worker.href, minThreads: 0, maxThreads: this.settings.computeThreads, idleTimeout: MS_IDLE,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB }, niceIncrement: NICENESS,
    });
    return this.pool;
  }
}

/** Ends a task for two reasons: its caller's, and its time, which runs from when it began and not while it waits. */
class Watch {
  private readonly late = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal;

  constructor(
    private readonly seconds: number,
    caller: AbortSignal | undefined,
  ) {
    this.signal = caller ? AbortSignal.any([caller, this.late.signal]) : this.late.signal;
  }

  begin(): void {
    this.timer ??= setTimeout(() => this.late.abort(), this.seconds * 1000);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  get isOver(): boolean {
    return this.late.signal.aborted;
  }
}

function outputOf(answer: Answer): unknown {
  if (!answer.problem) return answer.output;
  const { kind, code, detail, options } = answer.problem;
  throw new Problem(kind, code, detail, options);
}

function reasonOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return new ComputeFailed(error);
  return error;
}
