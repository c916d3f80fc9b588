import { Injectable } from '@nestjs/common';
import { utcDay } from '../platform/clock/days.js';
import { millisOf } from '../platform/database/sql.js';
import { Backfill } from '../stats/backfill.js';
import type { Tally } from '../stats/tally.js';
import type { LogRow } from './intake/log-row.js';

type Countable = Pick<LogRow, 'createdAt' | 'userId' | 'model' | 'messageCount' | 'promptTokens' | 'completionTokens'>;

/** Counts a log on the day on which it took place, as the application says. */
export function countLog(tally: Tally, { createdAt, userId, model, messageCount, promptTokens, completionTokens }: Countable): void {
  tally.conversation({ day: utcDay(createdAt), userId, model, messages: messageCount, promptTokens: promptTokens ?? 0, completionTokens: completionTokens ?? 0 });
}

/** Counts the logs that were there before statistics were. */
@Injectable()
export class OldLogCounts {
  constructor(backfill: Backfill) {
    backfill.register({
      name: 'message_logs',
      select: 'SELECT id, user_id, model, message_count, prompt_tokens, completion_tokens, created_at FROM message_logs',
      count: ([, userId, model, messageCount, promptTokens, completionTokens, at], tally) =>
        countLog(tally, {
          userId: userId as string, model: model as string, messageCount: messageCount as number, promptTokens: promptTokens as number | null,
          completionTokens: completionTokens as number | null, createdAt: new Date(millisOf(at)),
        }),
    });
  }
}
