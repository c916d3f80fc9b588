import { Problem } from '../../platform/problems/problem.js';

/** The same whether it was used, is too old, was made for another address or never existed. */
export class DeadLink extends Problem {
  constructor() {
    super('malformed', 'auth.dead-link', 'This link is not good any more; ask for a new one.');
  }
}
