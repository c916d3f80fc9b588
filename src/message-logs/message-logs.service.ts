import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { seal } from '../platform/crypto/sealing.js';
import { STATUS } from '../platform/http/problem-answer.js';
import { OtherRequest } from '../platform/idempotency/idempotency.js';
import { newId } from '../platform/ids/ids.js';
import { Problem } from '../platform/problems/problem.js';
import { NotFound, ValidationFailed } from '../platform/problems/problems.js';
import { actingUserId } from '../users/acting-user.js';
import { DataKeys, type TextKey } from '../users/data-keys.js';
import { repeatableId } from './repeatable-id.js';
import { Intake } from './intake/intake.js';
import type { LogRow } from './intake/log-row.js';
import type { MessageLogItem } from './message-log-item.js';
import { textContext } from './message-log-text.js';
import { MessageLogReader } from './message-log-reader.js';
import { MessagesBanned } from './message-logs.problems.js';
import type { CheckedItem, MessageLogsTakenDto, PostMessageLogsDto } from './message-logs.dto.js';

const DAY_MS = 86_400_000;

/** An item on its way: whose it is and what it is, or why it is not taken. */
type Addressed = { userId: string; item: MessageLogItem } | { problem: Problem };

@Injectable()
export class MessageLogsService {
  constructor(
    private readonly intake: Intake,
    private readonly dataKeys: DataKeys,
    private readonly reader: MessageLogReader,
    private readonly clock: Clock,
  ) {}

  /** Takes the good items and reports the others; a lone bad item is the request's own failure. */
  async post(actor: Actor, { items, isBatch }: PostMessageLogsDto, idempotencyKey?: string): Promise<MessageLogsTakenDto> {
    const now = this.clock.millis();
    const addressed = items.map((checked, index) => address(actor, named(checked, actor, idempotencyKey, index), now));
    const rows = await this.rowsOf(addressed, now);
    const failures = rows.flatMap((row, index) => (row instanceof Problem ? [{ index, problem: row }] : []));
    if (!isBatch && failures[0]) throw failures[0].problem;
    const good = rows.filter((row): row is LogRow => !(row instanceof Problem));
    const duplicates = good.length > 0 ? await this.intake.take(good) : NONE;
    const repeated = duplicates.size === 0 ? [] : good.filter((row) => duplicates.has(row.id));
    if (idempotencyKey !== undefined && repeated.length > 0) await this.demandSameBody(repeated, addressed);
    return {
      accepted: good.length - repeated.length,
      duplicates: repeated.length,
      rejected: failures.map(({ index, problem }) => ({ index, problem: reportOf(problem) })),
      ids: rows.map((row) => (row instanceof Problem ? null : (row.clientId ?? row.id))),
    };
  }

  private async rowsOf(addressed: readonly Addressed[], now: number): Promise<(LogRow | Problem)[]> {
    const keys = await this.keysOf(addressed);
    return addressed.map((entry) => {
      if ('problem' in entry) return entry.problem;
      const key = keys.get(entry.userId);
      if (!key) return new NotFound('user');
      return key.mutedUntil > now ? new MessagesBanned(key.mutedUntil) : rowOf(entry.userId, entry.item, key.bytes, now);
    });
  }

  private async keysOf(addressed: readonly Addressed[]): Promise<Map<string, TextKey | undefined>> {
    const keys = new Map<string, TextKey | undefined>();
    const missing: string[] = [];
    for (const entry of addressed) {
      if ('problem' in entry || keys.has(entry.userId)) continue;
      const key = this.dataKeys.atHand(entry.userId);
      keys.set(entry.userId, key);
      if (!key) missing.push(entry.userId);
    }
    if (missing.length > 0) await Promise.all(missing.map(async (userId) => keys.set(userId, await this.dataKeys.obtain(userId))));
    return keys;
  }

  /** A repeat under the same Idempotency-Key must be a repeat: the ids made from the key would hide another body. */
  private async demandSameBody(repeated: readonly LogRow[], addressed: readonly Addressed[]): Promise<void> {
    const posted = new Map(addressed.flatMap((entry) => ('item' in entry ? [[entry.item.id, entry.item]] : [])));
    for (const { userId, clientId } of repeated) {
      const stored = await this.reader.textOf(userId, clientId!);
      if (stored !== undefined && stored !== posted.get(clientId)!.text) throw new OtherRequest();
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

/** With an Idempotency-Key, items without an id get one that a repeat of the request makes again. */
function named(checked: CheckedItem, actor: Actor, idempotencyKey: string | undefined, index: number): CheckedItem {
  if (idempotencyKey === undefined || !('item' in checked) || checked.item.id !== null) return checked;
  return { item: { ...checked.item, id: repeatableId(actor.id, idempotencyKey, index) } };
}

function address(actor: Actor, checked: CheckedItem, now: number): Addressed {
  if ('violations' in checked) return { problem: new ValidationFailed(checked.violations) };
  const { item } = checked;
  if ((item.createdAt ?? 0) > now + DAY_MS) return { problem: new ValidationFailed([{ pointer: '/createdAt', code: 'instant', detail: 'createdAt lies more than a day in the future.' }]) };
  try {
    return { userId: actingUserId(actor, item.userId), item };
  } catch (error) {
    if (error instanceof Problem) return { problem: error };
    throw error;
  }
}

function rowOf(userId: string, item: MessageLogItem, key: Buffer, now: number): LogRow {
  const id = newId();
  return {
    id,
    userId,
    clientId: item.id,
    conversationId: item.conversationId,
    model: item.model,
    messageCount: item.messageCount,
    promptTokens: item.promptTokens,
    completionTokens: item.completionTokens,
    latencyMs: item.latencyMs,
    metadata: item.metadata,
    createdAt: new Date(item.createdAt ?? now),
    sealed: seal(key, item.text, textContext(userId, id)),
  };
}

function reportOf({ kind, code, detail, options }: Problem): MessageLogsTakenDto['rejected'][number]['problem'] {
  return { status: STATUS[kind], code, detail, ...(options.violations && { violations: [...options.violations] }) };
}
