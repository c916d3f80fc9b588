import type { Task } from '../task.entity.js';

export class EmptiedTrashDto {
  /** How many tasks there were. */
  removed!: number;
}

export class PurgedTaskDto {
  id!: string;
  title!: string;

  static of({ id, title }: Task): PurgedTaskDto {
    return { id, title };
  }
}
