import { ValidationFailed } from '../../platform/problems/problems.js';
import { MAX_CREDENTIAL } from '../verification.dto.js';

export class IntrospectDto {
  /** An access token or API key. */
  token!: string;
  /** Taken, and not needed. @example 'access_token' */
  token_type_hint?: string;

  /** What is not known is passed over, as RFC 6749 §3.2 wants it: clients send their credentials along. */
  static parse(form: unknown): IntrospectDto {
    const [token, another] = form instanceof URLSearchParams ? form.getAll('token') : [];
    if (token === undefined || another !== undefined || token.length === 0 || token.length > MAX_CREDENTIAL) {
      throw new ValidationFailed([{ pointer: '/token', code: 'required', detail: `Send a form with one token of 1 to ${MAX_CREDENTIAL} characters.` }]);
    }
    return Object.assign(new IntrospectDto(), { token });
  }
}

/** RFC 7662 §2.2. */
export class IntrospectedDto {
  /** Whether the credential is good; nothing else is told of one that is not. */
  active!: boolean;
  /** The user's id, or the key's for a service key. */
  sub?: string;
  /** What it permits, with spaces between. @example 'messages:read usage:consume' */
  scope?: string;
  /** @example 'Bearer' */
  token_type?: string;
  /** Of an access token: seconds since 1970. @example 1790000000 */
  exp?: number;
  /** Of an access token: seconds since 1970. @example 1789999100 */
  iat?: number;
  /** Of an access token: the address that Provost is known by. */
  iss?: string;
  /** Of an access token. @example 'provost:user' */
  aud?: string;
  /** Of an access token: its own id. */
  jti?: string;
  /** Of an access token: the session's id. */
  sid?: string;
  /** `user`, `staff`, `admin` or `service`. */
  kind?: string;
  /** The name of the user's plan. */
  plan?: string;
}
