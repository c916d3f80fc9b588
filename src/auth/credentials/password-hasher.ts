import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { Problem } from '../../platform/problems/problem.js';

/** Most sign-ins that wait for a hash; at 40 a second and core that is some ten seconds of waiting. */
const MAX_WAITING = 1000;
const ARGON2ID = 2;

interface Task {
  task: 'hash' | 'verify';
  password: string;
  hash?: string;
}

interface Waiting extends Task {
  resolve(result: string | boolean): void;
  reject(error: Error): void;
}

/** argon2id on threads of their own behind a bounded queue: the event loop never hashes, and memory stays bounded. */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly threads: HashThread[] = [];
  private readonly queue: Waiting[] = [];
  private stopped = false;

  constructor(private readonly settings: Settings) {}

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
    thread.run(this.queue.shift()!, () => this.next());
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
  private current?: { waiting: Waiting; done(): void };

  constructor(
    private readonly options: object,
    gone: () => void,
  ) {
    this.worker.unref();
    this.worker.on('message', (answer: { result?: string | boolean; error?: string }) => this.settle(answer));
    this.worker.on('error', (error) => {
      gone();
      this.settle({ error: String(error) });
    });
  }

  get isFree(): boolean {
    return this.current === undefined;
  }

  run(waiting: Waiting, done: () => void): void {
    this.current = { waiting, done };
    const { task, password, hash } = waiting;
    this.worker.postMessage({ id: 0, task, password, hash, options: this.options });
  }

  stop(): Promise<number> {
    return this.worker.terminate();
  }

  private settle({ result, error }: { result?: string | boolean; error?: string }): void {
    const { current } = this;
    this.current = undefined;
    if (error !== undefined) current?.waiting.reject(new Error(error));
    else current?.waiting.resolve(result!);
    current?.done();
  }
}

class HashingBusy extends Problem {
  constructor() {
    super('unavailable', 'auth.busy', 'Too many people sign in at this moment; try again shortly.', { retryAfterSeconds: 5 });
  }
}
