import { Entity, Index, PrimaryColumn } from 'typeorm';
import { AmountColumn, RefColumn } from '../platform/database/columns.js';
import { Principal } from '../users/principal.entity.js';

/*
 * Sums by UTC day, kept up by the fold alone. What a day is made of may go, by retention or erasure; its sums stay.
 */

/** A day of the whole installation. */
@Entity('stats_days')
export class StatsDay {
  @PrimaryColumn('varchar', { length: 10 })
  day!: string;

  @AmountColumn({ default: 0 })
  signUps: number = 0;

  @AmountColumn({ default: 0 })
  deletions: number = 0;

  @AmountColumn({ default: 0 })
  activeUsers: number = 0;

  @AmountColumn({ default: 0 })
  signIns: number = 0;

  @AmountColumn({ default: 0 })
  conversations: number = 0;

  @AmountColumn({ default: 0 })
  messages: number = 0;

  @AmountColumn({ default: 0 })
  promptTokens: number = 0;

  @AmountColumn({ default: 0 })
  completionTokens: number = 0;

  /** Consumptions that were refused because the day's limit was reached. */
  @AmountColumn({ default: 0 })
  limitRefusals: number = 0;

  /** Consumptions that were refused for want of credits. */
  @AmountColumn({ default: 0 })
  creditRefusals: number = 0;

  /** What was spent less what was given back. */
  @AmountColumn({ default: 0 })
  creditsSpent: number = 0;
}

/** A user who did something on a day, and what they talked about with models. The day comes first: rows of a day lie together. */
@Entity('stats_user_days')
@Index(['userId', 'day'])
export class StatsUserDay {
  @PrimaryColumn('varchar', { length: 10 })
  day!: string;

  @RefColumn(() => Principal, { primary: true })
  userId!: string;

  @AmountColumn({ default: 0 })
  conversations: number = 0;

  @AmountColumn({ default: 0 })
  messages: number = 0;

  @AmountColumn({ default: 0 })
  promptTokens: number = 0;

  @AmountColumn({ default: 0 })
  completionTokens: number = 0;
}

/** What a model was used for on a day. */
@Entity('stats_model_days')
export class StatsModelDay {
  @PrimaryColumn('varchar', { length: 10 })
  day!: string;

  @PrimaryColumn('varchar', { length: 128 })
  model!: string;

  @AmountColumn({ default: 0 })
  conversations: number = 0;

  @AmountColumn({ default: 0 })
  messages: number = 0;

  @AmountColumn({ default: 0 })
  promptTokens: number = 0;

  @AmountColumn({ default: 0 })
  completionTokens: number = 0;
}
