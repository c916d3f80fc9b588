import { Problem } from '../platform/problems/problem.js';
import { Forbidden, Unauthenticated } from '../platform/problems/problems.js';

/** The same whether the name or the password is wrong. */
export class InvalidCredentials extends Unauthenticated {
  constructor() {
    super('auth.invalid-credentials', 'The name or the password is not right.');
  }
}

/** Told to those alone who know the password. */
export class MayNotSignIn extends Forbidden {
  constructor(status = 'not-active', detail = 'This account may not sign in.') {
    super(detail, `auth.${status}`);
  }
}

export class WrongCurrentPassword extends Problem {
  constructor() {
    super('forbidden', 'auth.wrong-password', 'The current password is not right.');
  }
}

export class EmailUnverified extends MayNotSignIn {
  constructor() {
    super('email-unverified', 'Confirm your e-mail address first; POST /auth/email/resend sends the mail again.');
  }
}

export class RegistrationClosed extends Problem {
  constructor() {
    super('forbidden', 'auth.registration-closed', 'Registration is closed here; ask an administrator for an account.');
  }
}
