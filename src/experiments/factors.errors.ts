import { Problem } from '../platform/problems/problem.js';

/** The factors, as declared, cannot be designed for or fitted. `code` follows `experiments.factor-`. */
export class FactorRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.factor-${code}`, detail);
  }
}

/** A setting lies outside its factor, or is of the wrong type. `code` follows `experiments.setting-`. */
export class SettingRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.setting-${code}`, detail);
  }
}

/** The terms of a model cannot be read, or do not fit the factors. `code` follows `experiments.term-`. */
export class TermRefused extends Problem {
  constructor(code: string, detail: string) {
    super('rule-broken', `experiments.term-${code}`, detail);
  }
}
