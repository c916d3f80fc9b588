import type { Count, Counts } from './counts.service.js';

export class CountsByStatusDto {
  pending!: number;
  'in-progress'!: number;
  completed!: number;
}

export class CountsByPriorityDto {
  low!: number;
  medium!: number;
  high!: number;
  urgent!: number;
}

export class TaskCountsDto {
  total!: number;
  byStatus!: CountsByStatusDto;
  /** Of those that are not completed. */
  openByPriority!: CountsByPriorityDto;
  /** Not completed, and late. */
  overdue!: number;
  /** Not completed, and due today as the user's calendar has it. */
  dueToday!: number;
  /** In the trash; not in the other numbers. */
  trashed!: number;

  static of({ counts, trashed }: Counts): TaskCountsDto {
    const sum = (some: readonly Count[], of: (count: Count) => number): number => some.reduce((total, count) => total + of(count), 0);
    const open = counts.filter(({ status }) => status !== 'completed');
    const having = (status: Count['status']): number => sum(counts.filter((count) => count.status === status), ({ tasks }) => tasks);
    const openOf = (priority: Count['priority']): number => sum(open.filter((count) => count.priority === priority), ({ tasks }) => tasks);
    return {
      total: sum(counts, ({ tasks }) => tasks),
      byStatus: { pending: having('pending'), 'in-progress': having('in-progress'), completed: having('completed') },
      openByPriority: { low: openOf('low'), medium: openOf('medium'), high: openOf('high'), urgent: openOf('urgent') },
      overdue: sum(open, ({ overdue }) => overdue), dueToday: sum(open, ({ dueToday }) => dueToday), trashed,
    };
  }
}
