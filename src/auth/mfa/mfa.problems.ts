import { Problem } from '../../platform/problems/problem.js';
import { Unauthenticated } from '../../platform/problems/problems.js';

const WRONG_CODE = 'The code is not right, or it was used before.';

/** At sign-in; the same for either sort of code. */
export class WrongSignInCode extends Unauthenticated {
  constructor() {
    super('auth.wrong-code', WRONG_CODE);
  }
}

/** From somebody who is signed in, whose token is fine: hence no 401. */
export class WrongCode extends Problem {
  constructor() {
    super('forbidden', 'auth.wrong-code', WRONG_CODE);
  }
}

/** Unknown, expired, used, of another kind of principal or overtaken by a new password: all the same. */
export class DeadMfaToken extends Unauthenticated {
  constructor() {
    super('auth.invalid-mfa-token', 'This sign-in is over; begin again with the password.');
  }
}

export class TooManyTries extends Unauthenticated {
  constructor() {
    super('auth.mfa-too-many-tries', 'Too many wrong codes in this sign-in; begin again with the password.');
  }
}

export class TooManyCodes extends Problem {
  constructor(retryAfterSeconds: number) {
    super('too-many-requests', 'auth.too-many-codes', 'Too many wrong codes for this account; try again later.', { retryAfterSeconds });
  }
}

export class MfaAlreadyActive extends Problem {
  constructor() {
    super('conflict', 'auth.mfa-active', 'An authenticator app is set up already; remove it before you set up another.');
  }
}

export class MfaNotActive extends Problem {
  constructor() {
    super('conflict', 'auth.mfa-not-active', 'There is no authenticator app that is set up.');
  }
}

export class MfaNotStarted extends Problem {
  constructor() {
    super('conflict', 'auth.mfa-not-started', 'Ask for a secret first, then activate it with a code.');
  }
}

export class MfaIsRequired extends Problem {
  constructor() {
    super('forbidden', 'auth.mfa-required', 'This installation requires a second factor of accounts like this one; it cannot be removed.');
  }
}
