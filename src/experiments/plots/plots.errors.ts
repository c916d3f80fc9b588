import { Problem } from '../../platform/problems/problem.js';
import { PLOT_KINDS } from './plot.js';

export class UnknownPlot extends Problem {
  constructor() {
    super('not-found', 'experiments.plot-unknown', `There is no such plot; there are ${PLOT_KINDS.join(', ')}.`, { extensions: { kinds: PLOT_KINDS } });
  }
}

/** The plot exists, but cannot be drawn of this model in this way. `code` follows `experiments.plot-`. */
export class PlotRefused extends Problem {
  constructor(code: string, detail: string, pointer?: string) {
    super('rule-broken', `experiments.plot-${code}`, detail, pointer === undefined ? {} : { violations: [{ pointer, code, detail }] });
  }
}

export class NoModel extends Problem {
  constructor(response: string | undefined) {
    super('rule-broken', 'experiments.plot-no-model', `There is no model${response === undefined ? '' : ` of ${response}`} yet; fit one first, by POST to models.`);
  }
}
