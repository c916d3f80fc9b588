import { Problem } from '../../platform/problems/problem.js';

/** The design asked for does not exist or would be of no use; the detail says what to change. `code` follows `experiments.design-`. */
export class DesignRefused extends Problem {
  constructor(code: string, detail: string, extensions?: Record<string, unknown>) {
    super('rule-broken', `experiments.design-${code}`, detail, { extensions });
  }
}
