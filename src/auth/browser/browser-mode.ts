import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { hmac, Keyring, sha256 } from '../../platform/crypto/keyring.js';
import { cookieOf, setCookie } from '../../platform/http/cookies.js';
import type { Session } from '../sessions/session.entity.js';
import { RefreshTokens } from '../tokens/refresh-tokens.js';
import { DeadToken } from '../tokens/tokens.problems.js';
import { CrossSite } from './browser.problems.js';

export const CSRF_HEADER = 'x-csrf-token';

/** Each kind's cookie goes to its own sign-in routes and nowhere else. */
const PATHS: Partial<Record<PrincipalKind, string>> = {
  [PrincipalKind.User]: '/api/v1/auth',
  [PrincipalKind.Staff]: '/api/v1/staff/auth',
  [PrincipalKind.Admin]: '/api/v1/admin/auth',
};

/**
 * Sign-in for pages: the refresh token lies in a cookie that no script can read. Because browsers send cookies whoever
 * caused the request, what is done with one asks for proof that one of our own pages asks: the CSRF token of the session,
 * which only they can get, and no word of the browser that another site is asking.
 */
@Injectable()
export class BrowserMode {
  private readonly key: Buffer;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly refreshTokens: RefreshTokens,
    keyring: Keyring,
  ) {
    this.key = keyring.derive('csrf');
  }

  /** Puts the refresh token into the cookie; answers the CSRF token of the session. */
  keep(reply: FastifyReply, kind: PrincipalKind, { refreshToken, session }: { refreshToken: string; session: Pick<Session, 'id' | 'idleUntil' | 'expiresAt'> }): string {
    const endsAt = Math.min(session.idleUntil.getTime(), session.expiresAt.getTime());
    this.set(reply, kind, refreshToken, (endsAt - this.clock.millis()) / 1000);
    return this.csrfTokenOf(session.id);
  }

  clear(reply: FastifyReply, kind: PrincipalKind): void {
    this.set(reply, kind, '', 0);
  }

  /** The refresh token in the cookie, for a page that proves to be ours; undefined without a cookie. */
  refreshToken(request: FastifyRequest, kind: PrincipalKind): string | undefined {
    const token = cookieOf(request, nameOf(kind));
    if (token === undefined) return undefined;
    this.refuseOtherSites(request);
    const claim = this.refreshTokens.read(token);
    if (claim && !isSame(request.headers[CSRF_HEADER], this.csrfTokenOf(claim.sessionId))) throw new CrossSite(`Send the csrfToken of the session as ${CSRF_HEADER}; POST …/auth/csrf tells it.`);
    return token;
  }

  /** For a page that was loaded anew and has forgotten its CSRF token: told to pages of ours alone, by the browser's word. */
  csrfToken(request: FastifyRequest, kind: PrincipalKind): string {
    if (request.headers.origin === undefined) throw new CrossSite('This is for pages in browsers, which say their Origin.');
    this.refuseOtherSites(request);
    const claim = this.refreshTokens.read(cookieOf(request, nameOf(kind)) ?? '');
    if (!claim) throw new DeadToken('auth.invalid-refresh-token', 'There is no valid session cookie; sign in again.');
    return this.csrfTokenOf(claim.sessionId);
  }

  /** Whether the request's cookie is of this session. */
  holds(request: FastifyRequest, kind: PrincipalKind, sessionId: string): boolean {
    return this.refreshTokens.read(cookieOf(request, nameOf(kind)) ?? '')?.sessionId === sessionId;
  }

  private refuseOtherSites(request: FastifyRequest): void {
    const { origin } = request.headers;
    const isForeign = origin !== undefined && !this.isOurs(origin, request);
    if (isForeign || request.headers['sec-fetch-site'] === 'cross-site') throw new CrossSite('This was asked by a page of another site.');
  }

  /** This service itself, or named in CORS_ORIGINS; `*` there names nobody. */
  private isOurs(origin: string, { protocol, host }: FastifyRequest): boolean {
    const { corsOrigins, publicUrl } = this.settings;
    return origin === `${protocol}://${host}` || (publicUrl !== undefined && origin === new URL(publicUrl).origin) || (origin !== '*' && corsOrigins.includes(origin));
  }

  /** The same as long as the session lives, however often its refresh token is exchanged. */
  private csrfTokenOf(sessionId: string): string {
    return hmac(this.key, sessionId).toString('base64url');
  }

  private set(reply: FastifyReply, kind: PrincipalKind, value: string, maxAgeSeconds: number): void {
    setCookie(reply, nameOf(kind), value, { path: PATHS[kind]!, maxAgeSeconds });
  }
}

function nameOf(kind: PrincipalKind): string {
  return `__Secure-provost-${kind}`;
}

/** By their hashes, which are equally long whatever was sent. */
function isSame(given: string | string[] | undefined, real: string): boolean {
  return typeof given === 'string' && timingSafeEqual(sha256(given), sha256(real));
}
