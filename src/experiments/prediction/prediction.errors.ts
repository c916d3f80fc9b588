import { Problem } from '../../platform/problems/problem.js';

/** A question about new points cannot be answered as it was put. `code` follows `experiments.prediction-`. */
export class PredictionRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.prediction-${code}`, detail);
  }
}
