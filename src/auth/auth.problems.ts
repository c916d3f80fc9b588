import { Problem } from '../platform/problems/problem.js';
import { Unauthenticated } from '../platform/problems/problems.js';

/** The same whether the name or the password is wrong. */
export class InvalidCredentials extends Unauthenticated {
  constructor() {
    super('auth.invalid-credentials', 'The name or the password is not right.');
  }
}

/** Told to those alone who know the password. */
export class MayNotSignIn extends Problem {
  constructor(status = 'not-active', detail = 'This account may not sign in.', extensions: Record<string, unknown> = {}) {
    super('forbidden', `auth.${status}`, detail, { extensions });
  }
}

export class Banned extends MayNotSignIn {
  constructor(bannedUntil: number | null) {
    const until = bannedUntil === null ? null : new Date(bannedUntil).toISOString();
    super('banned', until === null ? 'This account was banned.' : `This account was banned until ${until}.`, { until });
  }
}

export class PasswordChanged extends MayNotSignIn {
  constructor() {
    super('password-changed', 'The password was changed at this moment; sign in with the new one.');
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
