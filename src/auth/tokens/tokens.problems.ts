import { Unauthenticated } from '../../platform/problems/problems.js';

/** Not ours, over, or of a session that was ended. */
export class DeadToken extends Unauthenticated {
  constructor(code = 'auth.invalid-token', detail = 'The access token is not valid.') {
    super(code, detail, 'invalid_token');
  }
}
