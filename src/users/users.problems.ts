import { Problem } from '../platform/problems/problem.js';

/** One code for both names: whoever registers must learn which to change, and nobody else is answered. */
export class NameTaken extends Problem {
  constructor(field: 'username' | 'email') {
    super('conflict', 'users.taken', `This ${field === 'email' ? 'e-mail address' : 'username'} is taken; choose another.`, {
      violations: [{ pointer: `/${field}`, code: 'taken', detail: `This ${field} is taken.` }],
    });
  }
}
