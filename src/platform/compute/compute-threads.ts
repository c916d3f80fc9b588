import { MessageChannel } from 'node:worker_threads';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Problem } from '../problems/problem.js';
import type { Answer, Order, Step } from './messages.js';
import type { TaskInput, TaskOutput, Tasks } from './task.js';
import { Turns } from './turns.js';
import { Watch } from './watch.js';

const MS_IDLE = 15_000;
/** Behind everything else that the process does. */
const NICENESS = 10;
/** A task that looks at its time ends by itself; others are ended after twice that. */
const PATIENCE = 2;

export interface ComputeOptions {
  /** Ends the task, and its thread with it. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: Step) => void;
  /** Default: what the module's settings say. */
  readonly seconds?: number;
}

/** What a module's threads are: their file, their bounds, and what its users are told when a bound is met. */
export interface ComputeTerms {
  /** What worker threads run: a built file whose default export is `workerOf(tasks)`. */
  readonly worker: URL;
  readonly memoryMib: number;
  readonly threads: () => number;
  readonly seconds: () => number;
  /** More waits than this process will ever get done soon. */
  readonly busy: () => Problem;
  /** A task that cannot end with the best it has, or would not. */
  readonly timedOut: (seconds: number) => Problem;
  /** Mostly for want of memory: a thread has a bound of its own, so that the process lives. */
  readonly failed: (cause: unknown) => Problem;
}

/** Long computations on threads of their own, at lower priority: the event loop stays free, memory and waiting stay bounded. */
export abstract class ComputeThreads<All extends Tasks> implements OnApplicationShutdown {
  private pool: Piscina | undefined;
  private readonly turns: Turns;

  constructor(private readonly terms: ComputeTerms) {
    this.turns = new Turns(terms.threads, terms.busy);
  }

  /** What the task answers; its Problems come out as they were thrown. An aborted one rejects with the signal's reason. */
  run<Name extends keyof All & string>(task: Name, input: TaskInput<All, Name>, options: ComputeOptions = {}): Promise<TaskOutput<All, Name>> {
    return this.turns.take(options.signal, () => this.order(task, input, options) as Promise<TaskOutput<All, Name>>);
  }

  private async order(task: string, input: unknown, { signal, onProgress, seconds = this.terms.seconds() }: ComputeOptions): Promise<unknown> {
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
      throw watch.isOver ? this.terms.timedOut(seconds) : this.reasonOf(error, signal);
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
      filename: this.terms.worker.href, minThreads: 0, maxThreads: this.terms.threads(), idleTimeout: MS_IDLE,
      resourceLimits: { maxOldGenerationSizeMb: this.terms.memoryMib }, niceIncrement: NICENESS,
    });
    return this.pool;
  }

  private reasonOf(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return this.terms.failed(error);
    return error;
  }
}

function outputOf(answer: Answer): unknown {
  if (!answer.problem) return answer.output;
  const { kind, code, detail, options } = answer.problem;
  throw new Problem(kind, code, detail, options);
}
