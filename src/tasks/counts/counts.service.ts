import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { LocalDays } from '../../platform/clock/local-days.js';
import { Sql } from '../../platform/database/sql.js';
import { UsersService } from '../../users/users.service.js';
import type { TaskPriority, TaskStatus } from '../task.entity.js';
import { priorityOf } from '../tasks.list.js';

/** Tasks of one status and priority. */
export interface Count {
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly tasks: number;
  readonly overdue: number;
  readonly dueToday: number;
}

export interface Counts {
  readonly counts: readonly Count[];
  readonly trashed: number;
}

const LIVE = `SELECT status, priority, COUNT(*), SUM(CASE WHEN late_at <= ? THEN 1 ELSE 0 END), SUM(CASE WHEN due_at >= ? AND due_at < ? THEN 1 ELSE 0 END)
  FROM tasks WHERE owner_id = ? AND trashed_at IS NULL GROUP BY status, priority`;
const TRASHED = 'SELECT COUNT(*) FROM tasks WHERE owner_id = ? AND trashed_at IS NOT NULL';

@Injectable()
export class CountsService {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly days: LocalDays,
    private readonly users: UsersService,
  ) {}

  async of({ id, timeZone }: Actor): Promise<Counts> {
    const now = this.clock.now();
    const today = this.days.at(now.getTime(), timeZone ?? (await this.users.get(id)).timeZone);
    const { rows } = await this.sql.execute(LIVE, [now, new Date(today.startsAt), new Date(today.endsAt), id]);
    const trashed = await this.sql.execute(TRASHED, [id]);
    const counts = rows.map(([status, rank, tasks, overdue, dueToday]) => ({ status: status as TaskStatus, priority: priorityOf(Number(rank)), tasks: Number(tasks), overdue: Number(overdue), dueToday: Number(dueToday) }));
    return { counts, trashed: Number(trashed.rows[0]![0]) };
  }
}
