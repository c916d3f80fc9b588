import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { TaskFeed } from './feed/task-feed.entity.js';
import { shown } from './shown.js';
import { Task } from './task.entity.js';
import { TaskDto } from './tasks.dto.js';
import { TaskView } from './views/task-view.entity.js';

const BATCH = 200;

/** What this module holds about a user. */
@Injectable()
export class PersonalTasks {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register(
      { path: 'tasks/tasks.ndjson', about: 'Your tasks, those in the trash too.', tables: ['tasks', 'task_tags', 'task_words', 'task_boards'], rows: (userId) => this.tasks(userId) },
      { path: 'task-views.json', about: 'Views of tasks that you saved.', tables: ['task_views'], rows: (userId) => this.views(userId) },
      { path: 'tasks/feed.json', about: 'Whether there is a calendar of your tasks. Its address is known to you alone.', tables: ['task_feeds'], rows: (userId) => this.feed(userId) },
    );
    erasure.register(...['task_feeds', 'task_views', 'tasks', 'task_boards'].map((table) => new OwnedRows(sql, table, 'owner_id')));
  }

  private async *tasks(ownerId: string): AsyncGenerator<object> {
    let batch: Task[] = [];
    for await (const task of inBatches(this.db, Task, { ownerId }, 'id')) {
      if (batch.push(task) < BATCH) continue;
      yield* await this.shown(batch);
      batch = [];
    }
    yield* await this.shown(batch);
  }

  private async shown(tasks: readonly Task[]): Promise<TaskDto[]> {
    return (await shown(this.db, tasks)).map((task) => TaskDto.of(task));
  }

  private async *views(ownerId: string): AsyncGenerator<object> {
    for (const { id, name, query, createdAt, updatedAt } of await this.db.findBy(TaskView, { ownerId })) yield { id, name, query, createdAt, updatedAt };
  }

  private async *feed(ownerId: string): AsyncGenerator<object> {
    for (const { createdAt } of await this.db.findBy(TaskFeed, { ownerId })) yield { createdAt };
  }
}
