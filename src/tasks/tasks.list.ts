import { comparable } from '../platform/http/text.js';
import type { Listing } from '../platform/lists/listing.js';
import { Task, TASK_PRIORITIES, TASK_STATUSES, type TaskPriority } from './task.entity.js';

export const TASKS_LIST: Listing<Task> = {
  resource: 'tasks',
  entity: Task,
  sorts: {
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
    dueDate: { kind: 'instant', property: 'lateAt' },
    priority: { kind: 'number' },
    position: { kind: 'number' },
    title: { kind: 'text', property: 'titleKey' },
  },
  defaultSort: '-createdAt',
  filters: {
    status: { kind: 'word', words: TASK_STATUSES },
    priority: { kind: 'decided', words: TASK_PRIORITIES, where: (word) => ({ sql: 'priority = ?', values: [rankOf(word as TaskPriority)] }) },
    title: { kind: 'text', property: 'titleKey', fold: comparable },
    dueDate: { kind: 'instant', property: 'dueAt' },
    completedAt: { kind: 'instant' },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
    due: { kind: 'outside' },
    tag: { kind: 'outside' },
    parentId: { kind: 'outside' },
  },
  // Full-text: whoever lists takes `q` out of the request and says it in the scope.
  search: { properties: [] },
};

export const TRASH_LIST: Listing<Task> = { ...TASKS_LIST, defaultSort: '-updatedAt' };

export function rankOf(priority: TaskPriority): number {
  return TASK_PRIORITIES.indexOf(priority) + 1;
}

export function priorityOf(rank: number): TaskPriority {
  return TASK_PRIORITIES[rank - 1]!;
}
