import type { EntityManager } from 'typeorm';
import type { LocalDay, LocalDays } from '../platform/clock/local-days.js';
import { placeholders } from '../platform/database/sql.js';
import { all } from '../platform/lists/conditions.js';
import { refuse } from '../platform/lists/dialects.js';
import type { Condition } from '../platform/lists/listing.js';
import { takenOut, type Wanted } from '../platform/lists/wanted.js';
import { keyOf } from './tags.js';
import { found } from './task-search.js';

/** Whose tasks are looked at, and when and where that is. */
export interface Looking {
  readonly db: EntityManager;
  readonly days: LocalDays;
  readonly ownerId: string;
  readonly now: Date;
  readonly zone: string;
}

const DUE_WORDS = ['overdue', 'today', 'week', 'none'] as const;
type DueWord = (typeof DUE_WORDS)[number];
const HALF_A_DAY_MS = 43_200_000;
const NO_PARENT = 'none';

/** What other tables, today's date or the full-text index tell is said in the scope; what is left the table's columns answer. */
export function narrowed(wanted: Wanted, looking: Looking, where: string): { rest: Wanted; scope: Condition } {
  const { db, ownerId } = looking;
  const { rest: withoutDue, values: due } = takenOut(wanted, 'due');
  const { rest: withoutTag, values: tags } = takenOut(withoutDue, 'tag');
  const { rest, values: parents } = takenOut(withoutTag, 'parentId');
  const scope = all([
    { sql: `tasks.owner_id = ? AND ${where}`, values: [ownerId] },
    ...(due.length > 0 ? [any(due.map((word) => dueIs(word, looking)))] : []),
    ...(tags.length > 0 ? [hasTag(tags)] : []),
    ...(parents.length > 0 ? [any(parents.map(isPartOf))] : []),
    ...(wanted.q === undefined ? [] : [found(db, ownerId, wanted.q)]),
  ]);
  return { rest: { ...rest, q: undefined }, scope };
}

/** Refuses words that mean nothing, for a list that is to be asked for later. */
export function demandDueWords(wanted: Wanted): void {
  takenOut(wanted, 'due').values.forEach(dueWord);
}

function dueWord(word: string): DueWord {
  const known = DUE_WORDS.find((each) => each === word);
  return known ?? refuse('due', 'word', `due must be one of ${DUE_WORDS.join(', ')}.`);
}

function dueIs(word: string, { days, now, zone }: Looking): Condition {
  const today = days.at(now.getTime(), zone);
  const conditions: Record<DueWord, () => Condition> = {
    overdue: () => ({ sql: "tasks.late_at <= ? AND tasks.status <> 'completed'", values: [now] }),
    today: () => within(today.startsAt, today.endsAt),
    week: () => within(today.startsAt, sevenDays(days, today, zone)),
    none: () => ({ sql: 'tasks.due_at IS NULL', values: [] }),
  };
  return conditions[dueWord(word)]();
}

/** The end of the sixth day after today: days of 23 and 25 hours do not take noon out of it. */
function sevenDays(days: LocalDays, { startsAt }: LocalDay, zone: string): number {
  return days.at(startsAt + 13 * HALF_A_DAY_MS, zone).endsAt;
}

function within(from: number, to: number): Condition {
  return { sql: 'tasks.due_at >= ? AND tasks.due_at < ?', values: [new Date(from), new Date(to)] };
}

function hasTag(tags: readonly string[]): Condition {
  return { sql: `EXISTS (SELECT 1 FROM task_tags WHERE task_tags.task_id = tasks.id AND task_tags.tag_key IN (${placeholders(tags.length)}))`, values: tags.map(keyOf) };
}

function isPartOf(parentId: string): Condition {
  return parentId === NO_PARENT ? { sql: 'tasks.parent_id IS NULL', values: [] } : { sql: 'tasks.parent_id = ?', values: [parentId] };
}

function any(conditions: readonly Condition[]): Condition {
  return { sql: conditions.map(({ sql }) => `(${sql})`).join(' OR '), values: conditions.flatMap(({ values }) => values) };
}
