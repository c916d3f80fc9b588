import { Problem } from '../../platform/problems/problem.js';

/** It has the form of a rule, but cannot be one of a task. */
export class RecurrenceRefused extends Problem {
  constructor(detail: string, code = 'tasks.recurrence') {
    super('rule-broken', code, detail, { violations: [{ pointer: '/recurrence', code: code.replace('tasks.', ''), detail }] });
  }
}

export class NeverFires extends RecurrenceRefused {
  constructor() {
    super('This recurrence never comes about; look at its parts and at its due date.', 'tasks.recurrence-never-fires');
  }
}

export class NothingToRecurFrom extends RecurrenceRefused {
  constructor() {
    super('A recurrence begins at a due date; set dueDate too, or take the recurrence away with it.', 'tasks.recurrence-needs-due');
  }
}
