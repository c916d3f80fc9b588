import type { MessageLogRecord, ReadMessage } from '../../message-logs/message-log-desk.js';

/** A conversation of a user without its text. */
export class DeskMessageLogDto {
  id!: string;
  conversationId!: string | null;
  /** @example 'llama-3-8b' */
  model!: string;
  messageCount!: number;
  promptTokens!: number | null;
  completionTokens!: number | null;
  latencyMs!: number | null;
  /** When it took place. */
  createdAt!: string;

  static of({ id, conversationId, model, messageCount, promptTokens, completionTokens, latencyMs, createdAt }: MessageLogRecord): DeskMessageLogDto {
    return { id, conversationId, model, messageCount, promptTokens, completionTokens, latencyMs, createdAt: createdAt.toISOString() };
  }
}

export class DeskMessageLogListDto {
  data!: DeskMessageLogDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class DeskMessageDto {
  role!: string;
  content!: string;
}

export class DeskReadMessageLogDto extends DeskMessageLogDto {
  /** With a reason only; null once the text was erased. */
  messages?: DeskMessageDto[] | null;

  static with({ log, messages }: { log: MessageLogRecord; messages?: ReadMessage[] | null }): DeskReadMessageLogDto {
    return { ...DeskMessageLogDto.of(log), ...(messages !== undefined && { messages }) };
  }
}
