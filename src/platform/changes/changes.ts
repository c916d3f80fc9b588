import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { isDatabaseAway } from '../database/failures.js';
import { insertRow } from '../database/insert-row.js';
import { Sql } from '../database/sql.js';
import { Change } from './change.entity.js';

/** What other processes must hear of. The subject is the id of the session, principal, key or rule. */
export type Topic =
  | 'session-ended'
  | 'sessions-ended'
  | 'principal-changed'
  | 'key-changed'
  | 'data-key-erased'
  | 'signing-keys'
  | 'ip-rules'
  | 'settings';

type Handler = (subject: string) => void | Promise<void>;

const POLL_MS = 500;
/** Rows made in one order may be committed in another: each poll looks back this far for what it has not seen. */
const OVERLAP_MS = 10_000;

/**
 * Tells every process what was changed, so that nobody goes on believing what it remembers: a row written in the
 * transaction that changes something, found by a poll in each process soon after it was committed.
 */
@Injectable()
export class Changes implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Changes.name);
  private readonly handlers = new Map<Topic, Handler[]>();
  private readonly seen = new Map<string, number>();
  private timer?: NodeJS.Timeout;
  private polling?: Promise<void>;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  on(topic: Topic, handler: Handler): void {
    this.handlers.set(topic, [...(this.handlers.get(topic) ?? []), handler]);
  }

  /** Joins the caller's transaction: told if and only if it commits. */
  async announce(tx: EntityManager, topic: Topic, subject: string): Promise<void> {
    await insertRow(tx, Change, Object.assign(new Change(), { at: this.clock.now(), topic, subject }));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.poll(), POLL_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.polling;
  }

  /** Looks for changes now; answers when their handlers have run. */
  poll(): Promise<void> {
    return (this.polling ??= this.read().finally(() => (this.polling = undefined)));
  }

  private async read(): Promise<void> {
    const since = this.clock.millis() - OVERLAP_MS;
    try {
      const { rows } = await this.sql.execute('SELECT id, topic, subject FROM changes WHERE at > ? ORDER BY id', [new Date(since)]);
      for (const [id, topic, subject] of rows as [string, Topic, string][]) await this.tell(id, topic, subject);
    } catch (error) {
      if (!isDatabaseAway(error)) this.logger.error(`Changes cannot be read: ${String(error)}`);
    }
    for (const [id, at] of this.seen) if (at < since - OVERLAP_MS) this.seen.delete(id);
  }

  private async tell(id: string, topic: Topic, subject: string): Promise<void> {
    if (this.seen.has(id)) return;
    this.seen.set(id, this.clock.millis());
    for (const handler of this.handlers.get(topic) ?? []) await handler(subject);
  }
}
