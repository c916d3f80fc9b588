import { DesignRefused } from '../design/design.errors.js';

export class NoRuns extends DesignRefused {
  constructor() {
    super('no-runs', 'There are no runs to say something about; make a design or add runs.');
  }
}

export class NoLostRuns extends DesignRefused {
  constructor() {
    super('no-lost-runs', 'No run has failed or was abandoned; set the status of those that were lost.');
  }
}

/** The size of the effect that power is asked for cannot be told. */
export class EffectUnknown extends DesignRefused {
  constructor(detail: string) {
    super('effect-unknown', detail);
  }
}
