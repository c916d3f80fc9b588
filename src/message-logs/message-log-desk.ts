import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { EVERYTHING } from '../platform/lists/conditions.js';
import type { Condition } from '../platform/lists/listing.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { idBound } from '../platform/ids/ids.js';
import { NotFound } from '../platform/problems/problems.js';
import { MessageLog } from './message-log.entity.js';
import { MessageLogReader } from './message-log-reader.js';
import { MESSAGE_LOGS_LIST, USER_MESSAGE_LOGS_LIST } from './message-logs.list.js';

const DAY_MS = 86_400_000;

/** What is known about a log without its text. */
export type MessageLogRecord = Readonly<Pick<MessageLog, 'id' | 'clientId' | 'userId' | 'conversationId' | 'model' | 'messageCount' | 'promptTokens' | 'completionTokens' | 'latencyMs' | 'metadata' | 'createdAt'>>;

export interface ReadMessage {
  role: string;
  content: string;
}

/** Other people's logs, for those who run the installation. */
@Injectable()
export class MessageLogDesk {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly lists: Lists,
    private readonly reader: MessageLogReader,
    private readonly audit: AuditService,
  ) {}

  list(wanted: Wanted): Promise<ListPage<MessageLogRecord>> {
    return this.lists.page(MESSAGE_LOGS_LIST, wanted, arrivedSince(wanted));
  }

  listOf(userId: string, wanted: Wanted): Promise<ListPage<MessageLogRecord>> {
    return this.lists.page(USER_MESSAGE_LOGS_LIST, wanted, { sql: 'user_id = ?', values: [userId] });
  }

  /**
   * One log. Its messages come along for a reason alone, and after the look is in the audit; null once they were erased.
   * @param of the user whose it must be
   */
  async look(actor: Actor, id: string, reason: string | undefined, of?: string): Promise<{ log: MessageLogRecord; messages?: ReadMessage[] | null }> {
    const log = await this.db.findOneBy(MessageLog, { id, ...(of !== undefined && { userId: of }) });
    if (!log) throw new NotFound('message-log');
    const withText = reason !== undefined;
    await this.audit.record(this.db, actor, 'message-logs.look', log.userId, { after: { messageLogId: id, withText }, reason });
    if (!withText) return { log };
    const text = await this.reader.textById(log.userId, id);
    return { log, messages: text === undefined ? null : (JSON.parse(text) as ReadMessage[]) };
  }
}

/** What took place since an instant arrived at most a day before it, for clocks may be that much ahead: ids tell, in their order. */
function arrivedSince({ filters }: Wanted): Condition {
  const since = filters.find(({ field, operator }) => field === 'createdAt' && operator === 'gte')?.values[0];
  return since instanceof Date ? { sql: 'id >= ?', values: [idBound(since.getTime() - DAY_MS)] } : EVERYTHING;
}
