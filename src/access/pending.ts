import { Problem } from '../platform/problems/problem.js';

/** What a signed-in principal must do before anything else. */
export enum Pending {
  PasswordChange = 'password-change',
  MfaEnrolment = 'mfa-enrolment',
}

const FIRST: Record<Pending, string> = {
  [Pending.PasswordChange]: 'Change the password first; nothing else can be done with this account until then.',
  [Pending.MfaEnrolment]: 'Set up a second factor first; nothing else can be done with this account until then.',
};

export class StillPending extends Problem {
  constructor(pending: Pending) {
    super('forbidden', `auth.${pending}-required`, FIRST[pending]);
  }
}
