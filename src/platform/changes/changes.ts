import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../database/commit-hooks.js';
import { isDatabaseAway } from '../database/failures.js';
import type { SqlConnection } from '../database/sql.js';
import { newId } from '../ids/ids.js';
import { Jobs } from '../jobs/jobs.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { ChangeLog, type Entry, type Mark } from './change-log.js';
import type { Topic } from './topic.js';

/**
 * Gets the subject of a change, or undefined when nobody knows what was missed: everything remembered must be forgotten
 * then. May be called more than once for a change, and for one that was taken back.
 */
type Handler = (subject: string | undefined) => void | Promise<void>;

const POLL_MS = 500;
const CHANNEL = 'provost:changes';
const MOST_TOLD_EARLY = 10_000;
const MOST_PAGES = 100;

/**
 * Tells every process what was changed, so that nobody goes on believing what it remembers. A change is a row written in
 * the transaction that changes something. The announcing process hears of it right after the commit, before its caller goes
 * on; the others when their poll finds it, which a hint through Redis makes sooner.
 */
@Injectable()
export class Changes implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Changes.name);
  private readonly handlers = new Map<Topic, Handler[]>();
  private readonly followers = new Set<() => void>();
  /** Told before they had a number, so that they are not told again with it. */
  private readonly toldEarly = new Set<string>();
  private mark?: Mark;
  private timer?: NodeJS.Timeout;
  private polling?: Promise<void>;
  private following?: Promise<void>;
  private hadFailed = false;

  constructor(
    private readonly log: ChangeLog,
    private readonly redis: RedisConnection,
    private readonly jobs: Jobs,
  ) {}

  on(topic: Topic, handler: Handler): void {
    this.handlers.set(topic, [...(this.handlers.get(topic) ?? []), handler]);
  }

  /** Calls the follower whenever there are new numbers in the log, until the answered function is called. */
  follow(follower: () => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** Joins the caller's transaction: told if and only if it commits. */
  async announce(tx: EntityManager | SqlConnection, topic: Topic, subject: string): Promise<void> {
    const id = newId();
    afterCommit(tx, async () => {
      this.rememberTold(id);
      await this.tell(topic, subject);
      void this.poll().then(() => this.hint());
    });
    await this.log.add(tx, id, topic, subject);
  }

  onModuleInit(): void {
    this.jobs.define({ name: 'changes.purge', description: 'forgets changes that every process has long heard of', schedule: CronExpression.EVERY_HOUR, run: () => this.log.purge() });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.timer = setInterval(() => void (this.polling ?? this.poll()), POLL_MS);
    this.timer.unref();
    this.redis.subscribe(CHANNEL, () => void this.poll());
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.polling;
  }

  /** Looks for changes now; answers when their handlers have run. Who asks during a look gets another one after it. */
  poll(): Promise<void> {
    if (!this.polling) return (this.polling = this.look().finally(() => (this.polling = undefined)));
    return (this.following ??= this.polling.then(() => {
      this.following = undefined;
      return this.poll();
    }));
  }

  private async look(): Promise<void> {
    try {
      for (let pages = 0; pages < MOST_PAGES && (await this.readPage()); pages += 1);
      this.hadFailed = false;
    } catch (error) {
      if (!isDatabaseAway(error) && !this.hadFailed) this.logger.error(`Changes cannot be read: ${String(error)}`);
      this.hadFailed = true;
    }
  }

  /** Answers whether there may be more. */
  private async readPage(): Promise<boolean> {
    const page = this.mark && (await this.log.since(this.mark));
    if (!page) return this.startAnew();
    const fresh = page.entries.filter((entry) => entry.seq !== null);
    const waiting = page.entries.filter((entry) => entry.seq === null);
    for (const entry of page.entries) await this.tellOnce(entry);
    const last = fresh.at(-1);
    if (last) this.moveTo({ seq: last.seq!, id: last.id });
    await this.log.number(waiting.map(({ id }) => id), page.greatest);
    return waiting.length > 0 || page.isFull;
  }

  /** At the start, and when the log no longer says what was missed: whatever was learnt before this moment is forgotten. */
  private async startAnew(): Promise<boolean> {
    const mark = await this.log.newest();
    for (const topic of this.handlers.keys()) await this.tell(topic, undefined);
    this.moveTo(mark);
    return true;
  }

  private moveTo(mark: Mark): void {
    this.mark = mark;
    for (const follower of this.followers) follower();
  }

  private async tellOnce({ id, seq, topic, subject }: Entry): Promise<void> {
    const isKnown = this.toldEarly.has(id);
    if (seq === null) this.rememberTold(id);
    else this.toldEarly.delete(id);
    if (!isKnown) await this.tell(topic, subject);
  }

  private rememberTold(id: string): void {
    if (this.toldEarly.size >= MOST_TOLD_EARLY) this.toldEarly.clear();
    this.toldEarly.add(id);
  }

  private async tell(topic: Topic, subject: string | undefined): Promise<void> {
    for (const handler of this.handlers.get(topic) ?? []) {
      try {
        await handler(subject);
      } catch (error) {
        this.logger.error(`Whoever must hear of ${topic} failed: ${String(error)}`);
      }
    }
  }

  /** Lost when Redis is away, which costs the others no more than the wait for their next poll. */
  private hint(): void {
    this.redis.client?.publish(CHANNEL, '').catch(() => undefined);
  }
}
