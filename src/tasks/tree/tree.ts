import { type EntityManager, In, IsNull } from 'typeorm';
import { Task } from '../task.entity.js';
import { ownTask } from '../tasks-desk.js';
import { Cycle, TooDeep, TooManyTasks } from '../tasks.problems.js';

/** Levels of a tree of tasks. */
export const LEVELS = 8;
/** Of one tree: what is below a task is deleted, restored and made anew together with it. */
const MOST = 500;

/** Whether the task may become a part of the other one. The transaction holds the owner's lock, so that two moves cannot close a ring. */
export async function demandParent(tx: EntityManager, task: Task, parentId: string): Promise<void> {
  if (parentId === task.id) throw new Cycle();
  const above = await ancestry(tx, await ownTask(tx, task.ownerId, parentId));
  if (above.some(({ id }) => id === task.id)) throw new Cycle();
  const parts = await below(tx, task, null);
  if (above.length + 1 + parts.length > LEVELS) throw new TooDeep(LEVELS);
  const others = await below(tx, above.at(-1)!, null);
  if (others.flat().length + parts.flat().length + 2 > MOST) throw new TooManyTasks('tasks in one tree', MOST);
}

/** The task and all that it is a part of. */
async function ancestry(tx: EntityManager, task: Task): Promise<Task[]> {
  const above = [task];
  for (let { parentId } = task; parentId !== null && above.length <= LEVELS; ) {
    const parent = await tx.findOneByOrFail(Task, { id: parentId });
    above.push(parent);
    ({ parentId } = parent);
  }
  return above;
}

/** What lies below a task, level by level: what is in nobody's trash, or what went there at that instant. */
export async function below(tx: EntityManager, { id }: Pick<Task, 'id'>, trashedAt: Date | null): Promise<Task[][]> {
  const levels: Task[][] = [];
  for (let parents = [id]; parents.length > 0; ) {
    const children = await tx.find(Task, { where: { parentId: In(parents), trashedAt: trashedAt ?? IsNull() }, order: { position: 'ASC', id: 'ASC' } });
    if (children.length > 0) levels.push(children);
    parents = children.map((child) => child.id);
  }
  return levels;
}
