import { Body, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, type Origin, RequestOrigin } from '../access/actor.js';
import { Pending } from '../access/pending.js';
import { Permission, PrincipalKind } from '../access/permission.js';
import { OpenWhile, Public, Requires } from '../access/requires.js';
import { LimitedAs } from '../access/throttling/rate-class.js';
import { Refuses } from '../platform/http/refuses.js';
import { NotFound, ValidationFailed } from '../platform/problems/problems.js';
import { Accounts } from './accounts.js';
import { AccountDto, ChangePasswordDto, CsrfTokenDto, EndedSessionDto, EndedSessionsDto, LoginDto, LogoutDto, MeDto, RefreshDto, SessionDto, SessionListDto, SignedInDto } from './auth.dto.js';
import { BrowserMode } from './browser/browser-mode.js';
import { LoginMfaDto, MfaRequiredDto } from './mfa/mfa.dto.js';
import { MFA_TOKEN_SECONDS } from './mfa/mfa-challenges.service.js';
import { type SignedIn, SignInService } from './sign-in.service.js';
import { SessionsService } from './sessions/sessions.service.js';

const CSRF = { name: 'X-CSRF-Token', required: false, description: 'The csrfToken of the session, where the refresh token comes in the cookie.' };

/** The routes of signing in, the same for every kind of principal; each kind's controller says where they hang. */
export abstract class SignInRoutes {
  protected abstract readonly kind: PrincipalKind;

  constructor(
    protected readonly signIns: SignInService,
    protected readonly sessions: SessionsService,
    protected readonly accounts: Accounts,
    protected readonly browsers: BrowserMode,
  ) {}

  /** Signs in with a name and a password; where a second factor is set up, the answer asks for a code. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @LimitedAs('sign-in')
  @Refuses(401, 403, 429)
  @ApiExtraModels(SignedInDto, MfaRequiredDto)
  @ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(SignedInDto) }, { $ref: getSchemaPath(MfaRequiredDto) }] } })
  async login(@Body() { login, username, email, cookie, ...rest }: LoginDto, @RequestOrigin() origin: Origin, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignedInDto | MfaRequiredDto> {
    const name = login ?? username ?? email;
    if (name === undefined) throw new ValidationFailed([{ pointer: '/login', code: 'required', detail: 'login must be a username or an e-mail address.' }]);
    const result = await this.signIns.signIn(this.kind, { login: name, ...rest }, origin);
    return 'mfaToken' in result ? { mfaRequired: true, mfaToken: result.mfaToken, expiresIn: MFA_TOKEN_SECONDS } : this.answer(result, cookie, reply);
  }

  /** The second step of signing in: the token of the first and a code. */
  @Post('login/mfa')
  @HttpCode(200)
  @Public()
  @LimitedAs('sign-in')
  @Refuses(401, 403)
  async loginMfa(@Body() { mfaToken, code, cookie }: LoginMfaDto, @RequestOrigin() origin: Origin, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignedInDto> {
    return this.answer(await this.signIns.signInWithCode(this.kind, mfaToken, code, origin), cookie, reply);
  }

  /** Exchanges a refresh token for a new access token and the next refresh token. */
  @Post('refresh')
  @HttpCode(200)
  @Public()
  @Refuses(401, 403)
  @ApiHeader(CSRF)
  async refresh(@Body() body: RefreshDto, @RequestOrigin() origin: Origin, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignedInDto> {
    const fromCookie = body.refreshToken ? undefined : this.browsers.refreshToken(request, this.kind);
    const token = body.refreshToken ?? fromCookie;
    if (!token) throw new ValidationFailed([{ pointer: '/refreshToken', code: 'required', detail: 'refreshToken must be the newest refresh token of the session; there is no cookie that holds it.' }]);
    return this.answer(await this.signIns.refresh(this.kind, token, origin), fromCookie !== undefined, reply);
  }

  /** Tells a page that was loaded anew the CSRF token of the session in its cookie. */
  @Post('csrf')
  @HttpCode(200)
  @Public()
  @Refuses(401, 403)
  csrf(@Req() request: FastifyRequest): CsrfTokenDto {
    return { csrfToken: this.browsers.csrfToken(request, this.kind) };
  }

  /** Ends the session of the refresh token. */
  @Post('logout')
  @HttpCode(204)
  @Public()
  @Refuses(401, 403)
  @ApiHeader(CSRF)
  logout(@Body() body: LogoutDto, @RequestOrigin() origin: Origin, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    return this.end(false, body, origin, request, reply);
  }

  /** Ends all sessions of whoever the refresh token belongs to. */
  @Post('logout-all')
  @HttpCode(204)
  @Public()
  @Refuses(401, 403)
  @ApiHeader(CSRF)
  logoutAll(@Body() body: LogoutDto, @RequestOrigin() origin: Origin, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    return this.end(true, body, origin, request, reply);
  }

  /** Who is signed in, in which session, and what may be done. */
  @Get('me')
  @Requires(Permission.AccountManage)
  @OpenWhile(Pending.PasswordChange, Pending.MfaEnrolment)
  async me(@CurrentActor() actor: Actor): Promise<MeDto> {
    const account = await this.accounts.of(this.kind).find(actor.id);
    if (!account) throw new NotFound('account');
    return { user: AccountDto.of(account), session: { id: actor.sessionId ?? null }, permissions: [...actor.permissions], ...(actor.level && { level: actor.level }), ...(actor.impersonator && { impersonatedBy: PrincipalKind.Admin }) };
  }

  /** The caller's sessions that are alive. */
  @Get('sessions')
  @Requires(Permission.AccountManage)
  async list(@CurrentActor() actor: Actor): Promise<SessionListDto> {
    const sessions = await this.sessions.list(actor);
    return { data: sessions.map((session) => SessionDto.of(session, actor.sessionId)), nextCursor: null, prevCursor: null };
  }

  /** Ends all of the caller's sessions but this one. */
  @Delete('sessions')
  @Requires(Permission.AccountManage)
  async endOthers(@CurrentActor() actor: Actor): Promise<EndedSessionsDto> {
    return { ended: await this.sessions.endOthers(actor) };
  }

  /** Ends one of the caller's sessions. */
  @Delete('sessions/:id')
  @Requires(Permission.AccountManage)
  async endOne(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<EndedSessionDto> {
    await this.sessions.endOne(actor, id);
    return { id };
  }

  /** Changes the password, ends all sessions and answers tokens of a new one. */
  @Post('password/change')
  @HttpCode(200)
  @Requires(Permission.AccountManage)
  @OpenWhile(Pending.PasswordChange)
  @Refuses(429)
  async changePassword(@CurrentActor() actor: Actor, @Body() { currentPassword, newPassword, cookie }: ChangePasswordDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignedInDto> {
    return this.answer(await this.signIns.changePassword(actor, currentPassword, newPassword), cookie, reply);
  }

  private answer(signedIn: SignedIn, inCookie: boolean | undefined, reply: FastifyReply): SignedInDto {
    return answerOf(signedIn, inCookie ? { csrfToken: this.browsers.keep(reply, this.kind, signedIn) } : { refreshToken: signedIn.refreshToken });
  }

  /** Who sends an access token is no other site's page, so the cookie is asked only where there is none. */
  private async end(all: boolean, { refreshToken }: LogoutDto, origin: Origin, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers;
    const fromCookie = refreshToken || authorization ? undefined : this.browsers.refreshToken(request, this.kind);
    const session = await this.sessions.named(this.kind, refreshToken ?? fromCookie, authorization);
    await this.signIns.signOut(session, all, origin);
    if (fromCookie !== undefined || (session && this.browsers.holds(request, this.kind, session.id))) this.browsers.clear(reply, this.kind);
  }
}

function answerOf({ accessToken, expiresIn, account, deviceToken, pending }: SignedIn, kept: Pick<SignedInDto, 'refreshToken' | 'csrfToken'>): SignedInDto {
  const mustChangePassword = pending === Pending.PasswordChange;
  const optional = { ...(deviceToken && { deviceToken }), ...(pending && { pending }), ...(mustChangePassword && { mustChangePassword }) };
  return { accessToken, tokenType: 'Bearer', expiresIn, ...kept, user: AccountDto.of(account), ...optional };
}

