import { Problem } from '../../platform/problems/problem.js';

/** It says nothing, contradicts itself, or is about something else. `code` follows `experiments.feedback-`. */
export class FeedbackRefused extends Problem {
  constructor(code: string, pointer: string, detail: string) {
    super('rule-broken', `experiments.feedback-${code}`, detail, { violations: [{ pointer: `/${pointer}`, code, detail }] });
  }
}

export class FeedbackGiven extends Problem {
  constructor() {
    super('conflict', 'experiments.feedback-given', 'This result was named for this prediction before; one of them counts.');
  }
}
