import { Problem } from '../platform/problems/problem.js';

/** Sees the experiment but may not change it. */
export class ViewOnly extends Problem {
  constructor() {
    super('forbidden', 'experiments.view-only', 'This experiment is shared with you for viewing; ask its owner to let you edit it.');
  }
}

/** Something that only the owner does. */
export class OwnerOnly extends Problem {
  constructor() {
    super('forbidden', 'experiments.owner-only', 'Only the owner of an experiment shares and deletes it.');
  }
}

export class PartNameTaken extends Problem {
  constructor(what: string, name: string) {
    super('conflict', 'experiments.name-taken', `This experiment has a ${what} called ${name} already; choose another name.`, { violations: [{ pointer: '/name', code: 'taken', detail: 'This name is taken.' }] });
  }
}

/** Cannot be removed or changed in this way, because other rows rest on it. */
export class InUse extends Problem {
  constructor(what: string, by: Readonly<Record<string, number>>) {
    const named = Object.entries(by).filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
    super('conflict', 'experiments.in-use', `This ${what} is used by ${named.join(', ')}; remove or change those first.`, { extensions: { usedBy: by } });
  }
}

export class TooMany extends Problem {
  constructor(what: string, most: number) {
    super('rule-broken', 'experiments.too-many', `An experiment holds ${most} ${what} at most.`);
  }
}

/** Two corrections of one result at once, or of one that was corrected before. */
export class AlreadyCorrected extends Problem {
  constructor() {
    super('conflict', 'experiments.already-corrected', 'This result was corrected before; correct the newest value instead.');
  }
}

/** The owner has the experiment already. */
export class NotShareable extends Problem {
  constructor() {
    super('rule-broken', 'experiments.not-shareable', 'An experiment is shared with other users than its owner; name another one.');
  }
}

/** Goal and bounds of a response contradict each other. */
export class GoalRefused extends Problem {
  constructor(pointer: string, detail: string) {
    super('rule-broken', 'experiments.goal', detail, { violations: [{ pointer: `/${pointer}`, code: 'goal', detail }] });
  }
}

export class NoParameters extends Problem {
  constructor() {
    super('rule-broken', 'experiments.no-parameters', 'This experiment has no parameters yet; add what is varied before its runs.');
  }
}

/** A run is out of the ordinary, and nobody says why. */
export class ReasonMissing extends Problem {
  constructor(status: string) {
    super('rule-broken', 'experiments.reason-missing', `Say in note why the run is ${status}.`, { violations: [{ pointer: '/note', code: 'required', detail: 'A reason is needed.' }] });
  }
}

/** A measured value does not fit the experiment. `code` follows `experiments.result-`. */
export class ResultRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.result-${code}`, detail, { violations: [{ pointer: `/${code}`, code, detail }] });
  }
}

/** A row that stays because of its results has taken the name of one that would come back. */
export class NotRestorable extends Problem {
  constructor() {
    super('conflict', 'experiments.not-restorable', 'A parameter or response that has results since bears a name of that version; rename it and restore again.');
  }
}

/** What was computed rests on what is no longer so. */
export class ChangedMeanwhile extends Problem {
  constructor(what: string) {
    super('conflict', 'experiments.changed-meanwhile', `The ${what} of this experiment were changed while this was computed, so nothing was written; ask for it again.`);
  }
}
