import { Injectable } from '@nestjs/common';
import { daysFrom } from '../platform/clock/days.js';
import { Sql } from '../platform/database/sql.js';
import { PassingCounts } from './passing-counts.js';
import { StatsFold } from './stats-fold.js';

const DAY = ['signUps', 'deletions', 'activeUsers', 'signIns', 'conversations', 'messages', 'promptTokens', 'completionTokens', 'limitRefusals', 'creditRefusals', 'creditsSpent'] as const;
const DAY_SQL = 'sign_ups, deletions, active_users, sign_ins, conversations, messages, prompt_tokens, completion_tokens, limit_refusals, credit_refusals, credits_spent';
const SUMS = 'SUM(conversations), SUM(messages), SUM(prompt_tokens), SUM(completion_tokens)';

export type DaySums = Record<(typeof DAY)[number], number>;

export interface TalkSums {
  readonly conversations: number;
  readonly messages: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface Period {
  /** UTC days, both included. */
  readonly from: string;
  readonly to: string;
}

/** The sums, with everything that was committed before they were asked for. */
@Injectable()
export class StatsReader {
  constructor(
    private readonly sql: Sql,
    private readonly fold: StatsFold,
    private readonly passing: PassingCounts,
  ) {}

  async refresh(): Promise<void> {
    await this.passing.flush();
    await this.fold.run();
  }

  /** Every day of the period, those without anything as well. */
  async days({ from, to }: Period): Promise<(DaySums & { day: string })[]> {
    const { rows } = await this.sql.execute(`SELECT day, ${DAY_SQL} FROM stats_days WHERE day >= ? AND day <= ?`, [from, to]);
    const byDay = new Map(rows.map(([day, ...numbers]) => [day, numbers]));
    return daysFrom(from, to).map((day) => ({ day, ...(Object.fromEntries(DAY.map((name, index) => [name, Number(byDay.get(day)?.[index] ?? 0)])) as DaySums) }));
  }

  /** Who had most conversations; deleted users have no name. */
  async topUsers({ from, to }: Period, top: number): Promise<(TalkSums & { id: string; username: string | null })[]> {
    const { rows } = await this.sql.execute(
      `SELECT best.*, users.username FROM (
         SELECT user_id, ${SUMS} FROM stats_user_days WHERE day >= ? AND day <= ? AND conversations > 0 GROUP BY user_id ORDER BY SUM(conversations) DESC, user_id LIMIT ${top}
       ) best LEFT JOIN users ON users.id = best.user_id`,
      [from, to],
    );
    return rows.map(([id, ...sums]) => ({ id: id as string, username: sums[4] as string | null, ...talkOf(sums) })).sort(byConversations(({ id }) => id));
  }

  async topModels({ from, to }: Period, top: number): Promise<(TalkSums & { model: string })[]> {
    const { rows } = await this.sql.execute(`SELECT model, ${SUMS} FROM stats_model_days WHERE day >= ? AND day <= ? GROUP BY model ORDER BY SUM(conversations) DESC, model LIMIT ${top}`, [from, to]);
    return rows.map(([model, ...sums]) => ({ model: model as string, ...talkOf(sums) }));
  }
}

function talkOf([conversations, messages, promptTokens, completionTokens]: readonly unknown[]): TalkSums {
  return { conversations: Number(conversations), messages: Number(messages), promptTokens: Number(promptTokens), completionTokens: Number(completionTokens) };
}

/** A join need not keep the order of what it joins. */
function byConversations<T extends TalkSums>(nameOf: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => b.conversations - a.conversations || (nameOf(a) < nameOf(b) ? -1 : 1);
}
