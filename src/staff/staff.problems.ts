import { Problem } from '../platform/problems/problem.js';

export class StaffNameTaken extends Problem {
  constructor(field: 'username' | 'email') {
    super('conflict', 'staff.taken', `This ${field === 'email' ? 'e-mail address' : 'username'} belongs to another staff member.`, {
      violations: [{ pointer: `/${field}`, code: 'taken', detail: `This ${field} is taken.` }],
    });
  }
}

export class BeyondCap extends Problem {
  constructor(cap: number) {
    super('forbidden', 'staff.credits-cap', `Staff may grant up to ${cap} credits at a time (STAFF_CREDITS_CAP); an admin may grant more.`, { extensions: { cap } });
  }
}
