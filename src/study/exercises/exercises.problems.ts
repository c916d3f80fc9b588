import { Problem } from '../../platform/problems/problem.js';

/** Of two reviews of one showing, one counts. */
export class ReviewedMeanwhile extends Problem {
  constructor(version: number) {
    super('conflict', 'study.reviewed-meanwhile', `This exercise was reviewed or changed since it was shown, it is at version ${version} now; show it again.`, { extensions: { version } });
  }
}

export class NothingToUndo extends Problem {
  constructor() {
    super('conflict', 'study.nothing-to-undo', 'This exercise has no review that could be undone.');
  }
}
