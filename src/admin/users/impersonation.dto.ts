import type { Impersonated } from '../../auth/impersonation/impersonations.js';

export class ImpersonationDto {
  /** The user's, with the claim `act`. GET and HEAD alone are open to it; there is no refresh token. */
  accessToken!: string;
  /** @example 'Bearer' */
  tokenType!: string;
  /** In seconds. @example 900 */
  expiresIn!: number;
  /** The user sees it among their sessions, and may end it. */
  sessionId!: string;
  expiresAt!: string;

  static of({ accessToken, expiresIn, session }: Impersonated): ImpersonationDto {
    return { accessToken, tokenType: 'Bearer', expiresIn, sessionId: session.id, expiresAt: session.expiresAt.toISOString() };
  }
}

export class EndedImpersonationDto {
  id!: string;
  /** How many sessions were ended. */
  ended!: number;
}
