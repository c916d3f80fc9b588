import type { MessageLogRecord, ReadMessage } from '../../message-logs/message-log-desk.js';
import { timeOfId } from '../../platform/ids/ids.js';

/** A conversation that an application handed over, without its text. */
export class AdminMessageLogDto {
  /** Ours; it begins with the time of arrival. */
  id!: string;
  /** The id that the application gave it. */
  clientId!: string | null;
  userId!: string;
  conversationId!: string | null;
  /** @example 'llama-3-8b' */
  model!: string;
  messageCount!: number;
  promptTokens!: number | null;
  completionTokens!: number | null;
  latencyMs!: number | null;
  metadata!: Record<string, unknown> | null;
  /** When it took place, as the application says. */
  createdAt!: string;
  arrivedAt!: string;

  static of(log: MessageLogRecord): AdminMessageLogDto {
    const { id, clientId, userId, conversationId, model, messageCount, promptTokens, completionTokens, latencyMs, metadata, createdAt } = log;
    return {
      id, clientId, userId, conversationId, model, messageCount, promptTokens, completionTokens, latencyMs,
      metadata: metadata === null ? null : (JSON.parse(metadata) as Record<string, unknown>),
      createdAt: createdAt.toISOString(),
      arrivedAt: new Date(timeOfId(id)).toISOString(),
    };
  }
}

export class AdminMessageDto {
  role!: string;
  content!: string;
}

export class AdminReadMessageLogDto extends AdminMessageLogDto {
  /** With a reason only; null once the text was erased. */
  messages?: AdminMessageDto[] | null;

  static with({ log, messages }: { log: MessageLogRecord; messages?: ReadMessage[] | null }): AdminReadMessageLogDto {
    return { ...AdminMessageLogDto.of(log), ...(messages !== undefined && { messages }) };
  }
}
