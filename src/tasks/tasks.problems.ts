import { Problem } from '../platform/problems/problem.js';

/** A task would be a part of itself. */
export class Cycle extends Problem {
  constructor() {
    super('rule-broken', 'tasks.cycle', 'A task cannot be a part of itself or of what is below it; choose another parentId.', { violations: [{ pointer: '/parentId', code: 'cycle', detail: 'This task lies below the other one.' }] });
  }
}

export class TooDeep extends Problem {
  constructor(most: number) {
    super('rule-broken', 'tasks.too-deep', `Tasks may lie ${most} levels deep; choose a parentId that is nearer to the top.`, { violations: [{ pointer: '/parentId', code: 'too-deep', detail: `At most ${most} levels.` }] });
  }
}

export class TooManyTasks extends Problem {
  constructor(what: string, most: number) {
    super('rule-broken', 'tasks.too-many', `There may be ${most} ${what} at most; remove some first.`);
  }
}

/** The neighbour in a move stands in another column. */
export class NoNeighbour extends Problem {
  constructor() {
    super('rule-broken', 'tasks.no-neighbour', 'A task is put beside one of the status that it is to have; leave status out, or name another neighbour.');
  }
}

/** Ids of a bulk change that are no tasks of the caller. */
export class UnknownTasks extends Problem {
  constructor(indexes: readonly number[]) {
    super('not-found', 'task.not-found', 'There is no such task; nothing was changed.', { violations: indexes.map((index) => ({ pointer: `/ids/${index}`, code: 'not-found', detail: 'There is no such task.' })) });
  }
}

export class ViewNameTaken extends Problem {
  constructor(name: string) {
    super('conflict', 'tasks.view-name-taken', `You have a view called ${name} already; choose another name.`, { violations: [{ pointer: '/name', code: 'taken', detail: 'This name is taken.' }] });
  }
}
