import { type EntityManager, In } from 'typeorm';
import { insertRow } from '../platform/database/insert-row.js';
import { comparable } from '../platform/http/text.js';
import { TaskTag } from './task-tag.entity.js';

export const MOST_TAGS = 20;

/** In the place of those that the task had; of two that differ in case alone, the first is kept. */
export async function setTags(tx: EntityManager, taskId: string, tags: readonly string[]): Promise<void> {
  const byKey = new Map<string, string>();
  for (const tag of tags) if (!byKey.has(keyOf(tag))) byKey.set(keyOf(tag), tag);
  await tx.delete(TaskTag, { taskId });
  if (byKey.size > 0) await insertRow(tx, TaskTag, [...byKey].map(([tagKey, tag]) => Object.assign(new TaskTag(), { taskId, tagKey, tag })));
}

/** By task, in the order of the alphabet. */
export async function tagsOf(db: EntityManager, taskIds: readonly string[]): Promise<Map<string, string[]>> {
  const tags = new Map<string, string[]>(taskIds.map((id) => [id, []]));
  if (taskIds.length === 0) return tags;
  for (const { taskId, tag } of await db.find(TaskTag, { where: { taskId: In([...taskIds]) }, order: { taskId: 'ASC', tagKey: 'ASC' } })) tags.get(taskId)!.push(tag);
  return tags;
}

export function keyOf(tag: string): string {
  return comparable(tag).slice(0, 100);
}
