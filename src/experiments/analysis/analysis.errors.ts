import { Problem } from '../../platform/problems/problem.js';

/** A model cannot be fitted to these runs as they are. `code` follows `experiments.fit-`. */
export class FitRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.fit-${code}`, detail);
  }
}

/** A fit exists, but this question cannot be answered from it. `code` follows `experiments.analysis-`. */
export class AnalysisRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.analysis-${code}`, detail);
  }
}
