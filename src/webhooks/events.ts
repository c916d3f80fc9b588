import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { afterCommit } from '../platform/database/commit-hooks.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { Sql, type SqlConnection } from '../platform/database/sql.js';
import { newId } from '../platform/ids/ids.js';
import { Bell } from './bell.js';
import type { EventType, NewEvent } from './event-types.js';
import { DeliveryStatus } from './webhook-delivery.entity.js';

const SUBSCRIBERS = 'SELECT id, event_types FROM webhook_endpoints';
const REMEMBERED_MS = 1000;
const ONCE = 'webhook_events (id, type, user_id, at, body, once_key) VALUES (?, ?, ?, ?, ?, ?)';

/** Writes what happened into the transaction that makes it happen: whoever subscribed is told if and only if it commits. */
@Injectable()
export class Events {
  private known: Promise<readonly Subscriber[]> = Promise.resolve([]);
  private readAt = -Infinity;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly bell: Bell,
  ) {}

  async emit(tx: EntityManager | SqlConnection, ...events: readonly NewEvent[]): Promise<void> {
    const connection = connectionOf(tx);
    const subscribers = await subscribersIn(connection);
    const wanted = events.map((event) => this.written(event, subscribers)).filter(({ endpoints }) => endpoints.length > 0);
    if (wanted.length === 0) return;
    await insertRows(connection, 'webhook_events', ['id', 'type', 'user_id', 'at', 'body'], wanted.map(({ id, event, at, body }) => [id, event.type, event.userId, at, body]));
    await this.deliver(tx, wanted);
  }

  /** Tells one endpoint, whatever it is subscribed to; answers the delivery's id. */
  async emitTo(tx: EntityManager, endpointId: string, event: NewEvent): Promise<string> {
    const written = this.written(event, [{ id: endpointId, types: null }]);
    await insertRows(connectionOf(tx), 'webhook_events', ['id', 'type', 'user_id', 'at', 'body'], [[written.id, event.type, event.userId, written.at, written.body]]);
    const [id] = await this.deliver(tx, [written]);
    return id!;
  }

  /** For those who come by often: what was true a second ago at most. */
  async isWanted(type: EventType): Promise<boolean> {
    const now = performance.now();
    if (now - this.readAt > REMEMBERED_MS) {
      this.readAt = now;
      this.known = subscribersIn(this.sql);
    }
    return (await this.known).some((subscriber) => wants(subscriber, type));
  }

  /**
   * Tells of what comes about again and again once for this key. In a transaction of its own, for there is no change that it
   * belongs to. Answers whether it needs no telling any more; where nobody has subscribed yet it does.
   */
  emitOnce(onceKey: string, event: NewEvent): Promise<boolean> {
    return this.sql.transaction(async (tx) => {
      const written = this.written(event, await subscribersIn(tx));
      if (written.endpoints.length === 0) return false;
      const { affected } = await tx.execute(`${this.sql.dialect.insertIgnore} ${ONCE}`, [written.id, event.type, event.userId, written.at, written.body, onceKey]);
      if (affected === 1) await this.deliver(tx, [written]);
      return true;
    });
  }

  private written(event: NewEvent, subscribers: readonly Subscriber[]): Written {
    const at = this.clock.now();
    const body = JSON.stringify({ type: event.type, timestamp: at.toISOString(), data: event.data });
    return { id: newId(), event, at, body, endpoints: subscribers.filter((subscriber) => wants(subscriber, event.type)).map(({ id }) => id) };
  }

  private async deliver(tx: EntityManager | SqlConnection, wanted: readonly Written[]): Promise<string[]> {
    const rows = wanted.flatMap(({ id, event, at, endpoints }) => endpoints.map((endpoint) => [newId(), endpoint, id, event.type, DeliveryStatus.Waiting, 0, 0, at, at, '[]'] as const));
    const columns = ['id', 'endpoint_id', 'event_id', 'type', 'status', 'attempts', 'failures', 'created_at', 'due_at', 'history'];
    await insertRows(connectionOf(tx), 'webhook_deliveries', columns, rows);
    afterCommit(tx, () => this.bell.ring());
    return rows.map(([id]) => id);
  }
}

interface Subscriber {
  readonly id: string;
  readonly types: readonly EventType[] | null;
}

interface Written {
  readonly id: string;
  readonly event: NewEvent;
  readonly at: Date;
  readonly body: string;
  readonly endpoints: readonly string[];
}

/** From their rows, however many events there are: what a process remembers of them may be half a second old. */
async function subscribersIn(connection: SqlConnection): Promise<Subscriber[]> {
  const { rows } = await connection.execute(SUBSCRIBERS, []);
  return rows.map(([id, types]) => ({ id: id as string, types: types === null ? null : (JSON.parse(types as string) as EventType[]) }));
}

function wants({ types }: Subscriber, type: EventType): boolean {
  return types?.includes(type) ?? true;
}

function connectionOf(tx: EntityManager | SqlConnection): SqlConnection {
  return 'execute' in tx ? tx : new EntityTransaction(tx);
}
