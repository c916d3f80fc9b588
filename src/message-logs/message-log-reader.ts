import { Injectable } from '@nestjs/common';
import { open } from '../platform/crypto/sealing.js';
import { millisOf, padded, placeholders, type Row, Sql, type SqlValue } from '../platform/database/sql.js';
import { isId, timeOfId } from '../platform/ids/ids.js';
import { Keyset, type Page } from '../platform/lists/keyset.js';
import type { Sortable } from '../platform/lists/sorting.js';
import { NotFound } from '../platform/problems/problems.js';
import { DataKeys } from '../users/data-keys.js';
import { textContext } from './message-log-text.js';
import type { MessageDto, MessageLogDto, MessageLogListQueryDto } from './message-logs.dto.js';

const SELECT =
  'SELECT id, client_id, user_id, conversation_id, model, message_count, prompt_tokens, completion_tokens, latency_ms, metadata, created_at FROM message_logs';

const SORTABLE: Sortable = { by: { createdAt: { column: 'created_at', kind: 'instant' } }, default: '-createdAt', id: 'id' };

/** Reads logs back, and opens their text. */
@Injectable()
export class MessageLogReader {
  constructor(
    private readonly sql: Sql,
    private readonly dataKeys: DataKeys,
  ) {}

  async list(userId: string, query: MessageLogListQueryDto): Promise<Page<MessageLogDto>> {
    const keyset = Keyset.of(query, SORTABLE);
    const filters: [string, SqlValue][] = [['user_id = ?', userId]];
    if (query.conversationId !== undefined) filters.push(['conversation_id = ?', query.conversationId]);
    if (query.model !== undefined) filters.push(['model = ?', query.model]);
    if (query.from !== undefined) filters.push(['created_at >= ?', new Date(query.from)]);
    if (query.to !== undefined) filters.push(['created_at < ?', new Date(query.to)]);
    const where = [...filters.map(([condition]) => condition), keyset.where].join(' AND ');
    const { rows } = await this.sql.execute(`${SELECT} WHERE ${where} ${keyset.tail}`, [...filters.map(([, value]) => value), ...keyset.values]);
    const page = keyset.page(rows, (row) => ({ value: millisOf(row[10]), id: row[0] as string }));
    const texts = query.include ? await this.textsOf(userId, page.data.map((row) => row[0] as string)) : undefined;
    return { ...page, data: page.data.map((row) => logOf(row, texts && (texts.get(row[0] as string) ?? null))) };
  }

  /** Every log of a user with its text, in the order of the time it took place, so many in memory at a time. */
  async *all(userId: string, batch: number): AsyncGenerator<MessageLogDto> {
    for (let place: [Date, string] = [new Date(0), '']; ; ) {
      const [at, id] = place;
      const { rows } = await this.sql.execute(
        `${SELECT} WHERE user_id = ? AND created_at >= ? AND (created_at > ? OR id > ?) ORDER BY created_at, id LIMIT ${batch}`, [userId, at, at, id],
      );
      const texts = await this.textsOf(userId, rows.map((row) => row[0] as string));
      for (const row of rows) yield logOf(row, texts.get(row[0] as string) ?? null);
      if (rows.length < batch) return;
      place = [new Date(millisOf(rows.at(-1)![10])), rows.at(-1)![0] as string];
    }
  }

  /** By the id that the client knows: its own, or ours where it gave none. */
  async get(userId: string, id: string): Promise<MessageLogDto> {
    const logId = await this.idOf(userId, id);
    const { rows } = await this.sql.execute(`${SELECT} WHERE id = ? AND user_id = ?`, [logId ?? '', userId]);
    const [row] = rows;
    if (!row) throw new NotFound('message-log');
    return logOf(row, (await this.textsOf(userId, [row[0] as string])).get(row[0] as string) ?? null);
  }

  /** The JSON text of the messages, if it is still there. */
  async textOf(userId: string, id: string): Promise<string | undefined> {
    const logId = await this.idOf(userId, id);
    return logId === undefined ? undefined : this.textById(userId, logId);
  }

  /** By our own id. */
  async textById(userId: string, logId: string): Promise<string | undefined> {
    return (await this.textsOf(userId, [logId])).get(logId);
  }

  private async idOf(userId: string, id: string): Promise<string | undefined> {
    const { rows } = await this.sql.execute('SELECT log_id FROM message_log_keys WHERE user_id = ? AND client_id = ?', [userId, id]);
    return (rows[0]?.[0] as string | undefined) ?? (isId(id) ? id : undefined);
  }

  private async textsOf(userId: string, ids: readonly string[]): Promise<Map<string, string>> {
    const key = ids.length > 0 ? await this.dataKeys.find(userId) : undefined;
    if (!key) return new Map();
    const asked = padded(ids);
    const { rows } = await this.sql.execute(`SELECT id, sealed FROM message_texts WHERE id IN (${placeholders(asked.length)})`, asked);
    const texts = new Map<string, string>();
    for (const [id, sealed] of rows as [string, Buffer][]) {
      const text = await this.opened(key.bytes, userId, id, sealed);
      if (text !== undefined) texts.set(id, text);
    }
    return texts;
  }

  /** Undefined where the text was sealed under a key that was erased since. What fits no key for another reason was tampered with. */
  private async opened(key: Buffer, userId: string, id: string, sealed: Buffer): Promise<string | undefined> {
    try {
      return open(key, sealed, textContext(userId, id)).toString();
    } catch (error) {
      if (await this.dataKeys.mayPrecede(userId, timeOfId(id))) return undefined;
      throw error;
    }
  }
}

/** @param text undefined where it was not asked for, null where it is gone */
function logOf(row: Row, text: string | null | undefined): MessageLogDto {
  return {
    id: (row[1] ?? row[0]) as string,
    userId: row[2] as string,
    conversationId: row[3] as string | null,
    model: row[4] as string,
    messageCount: row[5] as number,
    ...(text !== undefined && { messages: text === null ? null : (JSON.parse(text) as MessageDto[]) }),
    promptTokens: row[6] as number | null,
    completionTokens: row[7] as number | null,
    latencyMs: row[8] as number | null,
    metadata: row[9] === null ? null : (JSON.parse(row[9] as string) as Record<string, unknown>),
    createdAt: new Date(millisOf(row[10])).toISOString(),
  };
}
