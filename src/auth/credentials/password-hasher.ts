import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { Problem } from '../../platform/problems/problem.js';

/** Most sign-ins that wait for a hash; at 40 a second and core that is some ten seconds of waiting. */
const MAX_WAITING = 1000;
/** Most that a thread takes at once; the first of them waits for the last. */
const MOST_AT_ONCE = 16;
/** About as long as a hash takes. */
const GATHERING_MS = 20;
const ARGON2ID = 2;

interface Task {
  task: 'hash' | 'verify';
  password: string;
  hash?: string;
}

interface Answer {
  result?: string | boolean;
  error?: string;
}

interface Waiting extends Task {
  readonly resolve: (result: string | boolean) => void;
  readonly reject: (error: Error) => void;
}

/**
 * argon2id on threads of their own behind a bounded queue: the event loop never hashes, and memory stays bounded. Where many
 * wait, a thread takes several at once and answers them together: what follows a hash then runs for all of them in one turn
 * of the event loop, in common statements and warm caches (docs/decisions/0017-sign-ins-together.md).
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly threads: HashThread[] = [];
  private readonly queue: Waiting[] = [];
  private stopped = false;
  private gathering?: Promise<void>;

  constructor(private readonly settings: Settings) {}

  /**
   * Resolves at once while hardly anybody waits for a hash. Otherwise it lets those who arrive within a moment go on in the
   * same turn of the event loop, so that they read in common statements; their hash would not begin any sooner without.
   */
  gather(): Promise<void> {
    if (this.queue.length < 2 * availableParallelism()) return Promise.resolve();
    this.gathering ??= sleep(GATHERING_MS).then(() => void (this.gathering = undefined));
    return this.gathering;
  }

  hash(password: string): Promise<string> {
    return this.run({ task: 'hash', password }) as Promise<string>;
  }

  verify(hash: string, password: string): Promise<boolean> {
    return this.run({ task: 'verify', password, hash }) as Promise<boolean>;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }

  private run(task: Task): Promise<string | boolean> {
    if (this.queue.length >= MAX_WAITING) throw new HashingBusy();
    return new Promise((resolve, reject) => {
      this.queue.push({ ...task, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.queue.length === 0 || this.stopped) return;
    const thread = this.threads.find((candidate) => candidate.isFree) ?? this.addThread();
    if (!thread) return;
    // Half of its share: the first of a group waits for the last no longer than they have waited for their turn.
    const count = Math.min(MOST_AT_ONCE, Math.ceil(this.queue.length / (2 * availableParallelism())));
    thread.run(this.queue.splice(0, count), () => this.next());
  }

  private addThread(): HashThread | undefined {
    if (this.threads.length >= availableParallelism()) return undefined;
    const { argon2MemoryKib, argon2Passes } = this.settings;
    const options = { algorithm: ARGON2ID, memoryCost: argon2MemoryKib, timeCost: argon2Passes, parallelism: 1 };
    const thread = new HashThread(options, () => this.threads.splice(this.threads.indexOf(thread), 1));
    this.threads.push(thread);
    return thread;
  }
}

class HashThread {
  private readonly worker = new Worker(new URL('./hash-worker.mjs', import.meta.url));
  private current?: { waiting: readonly Waiting[]; done(): void };

  constructor(
    private readonly options: object,
    gone: () => void,
  ) {
    this.worker.unref();
    this.worker.on('message', (answers: Answer[]) => this.settle(answers));
    this.worker.on('error', (error) => {
      gone();
      this.settle(this.current?.waiting.map(() => ({ error: String(error) })) ?? []);
    });
  }

  get isFree(): boolean {
    return this.current === undefined;
  }

  run(waiting: readonly Waiting[], done: () => void): void {
    this.current = { waiting, done };
    this.worker.postMessage({ tasks: waiting.map(({ task, password, hash }) => ({ task, password, hash })), options: this.options });
  }

  stop(): Promise<number> {
    return this.worker.terminate();
  }

  private settle(answers: readonly Answer[]): void {
    const { current } = this;
    this.current = undefined;
    // The next ones first: the thread goes on while those who got their answer go theirs.
    current?.done();
    current?.waiting.forEach(({ resolve, reject }, index) => {
      const { result, error } = answers[index]!;
      if (error !== undefined) reject(new Error(error));
      else resolve(result!);
    });
  }
}

class HashingBusy extends Problem {
  constructor() {
    super('unavailable', 'auth.busy', 'Too many people sign in at this moment; try again shortly.', { retryAfterSeconds: 5 });
  }
}
