import type { LoginAudit } from './login-audit.entity.js';

/** An attempt to sign in, good or bad. */
export class SignInDto {
  id!: string;
  at!: string;
  /** `user`, `staff` or `admin`: where it was tried. */
  kind!: string;
  /** Null where nobody has the name. */
  principalId!: string | null;
  /** As typed. */
  login!: string;
  ip!: string;
  userAgent!: string;
  ok!: boolean;
  /** `signed-in`, or why not. @example 'wrong-password' */
  reason!: string;

  static of({ id, at, kind, principalId, username, ip, userAgent, ok, reason }: LoginAudit): SignInDto {
    return { id, at: at.toISOString(), kind, principalId, login: username, ip, userAgent, ok: Boolean(ok), reason };
  }
}
