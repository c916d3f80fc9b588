import { Body, Delete, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { type Actor, CurrentActor, type Origin, RequestOrigin } from '../access/actor.js';
import { Pending } from '../access/pending.js';
import { Permission, type PrincipalKind } from '../access/permission.js';
import { OpenWhile, Public, Requires } from '../access/requires.js';
import { LimitedAs } from '../access/throttling/rate-class.js';
import { Refuses } from '../platform/http/refuses.js';
import { NotFound, ValidationFailed } from '../platform/problems/problems.js';
import { Accounts } from './accounts.js';
import { AccountDto, ChangePasswordDto, EndedSessionDto, EndedSessionsDto, LoginDto, LogoutDto, MeDto, RefreshDto, SessionDto, SessionListDto, SignedInDto } from './auth.dto.js';
import { LoginMfaDto, MfaRequiredDto } from './mfa/mfa.dto.js';
import { MFA_TOKEN_SECONDS } from './mfa/mfa-challenges.service.js';
import { type SignedIn, SignInService } from './sign-in.service.js';
import { SessionsService } from './sessions/sessions.service.js';

/** The routes of signing in, the same for every kind of principal; each kind's controller says where they hang. */
export abstract class SignInRoutes {
  protected abstract readonly kind: PrincipalKind;

  constructor(
    protected readonly signIns: SignInService,
    protected readonly sessions: SessionsService,
    protected readonly accounts: Accounts,
  ) {}

  /** Signs in with a name and a password; where a second factor is set up, the answer asks for a code. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @LimitedAs('sign-in')
  @Refuses(401, 403, 429)
  @ApiExtraModels(SignedInDto, MfaRequiredDto)
  @ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(SignedInDto) }, { $ref: getSchemaPath(MfaRequiredDto) }] } })
  async login(@Body() { login, username, email, ...rest }: LoginDto, @RequestOrigin() origin: Origin): Promise<SignedInDto | MfaRequiredDto> {
    const name = login ?? username ?? email;
    if (name === undefined) throw new ValidationFailed([{ pointer: '/login', code: 'required', detail: 'login must be a username or an e-mail address.' }]);
    const result = await this.signIns.signIn(this.kind, { login: name, ...rest }, origin);
    return 'mfaToken' in result ? { mfaRequired: true, mfaToken: result.mfaToken, expiresIn: MFA_TOKEN_SECONDS } : answerOf(result);
  }

  /** The second step of signing in: the token of the first and a code. */
  @Post('login/mfa')
  @HttpCode(200)
  @Public()
  @LimitedAs('sign-in')
  @Refuses(401, 403)
  async loginMfa(@Body() { mfaToken, code }: LoginMfaDto, @RequestOrigin() origin: Origin): Promise<SignedInDto> {
    return answerOf(await this.signIns.signInWithCode(this.kind, mfaToken, code, origin));
  }

  /** Exchanges a refresh token for a new access token and the next refresh token. */
  @Post('refresh')
  @HttpCode(200)
  @Public()
  @Refuses(401)
  async refresh(@Body() { refreshToken }: RefreshDto, @RequestOrigin() origin: Origin): Promise<SignedInDto> {
    return answerOf(await this.signIns.refresh(this.kind, refreshToken, origin));
  }

  /** Ends the session of the refresh token. */
  @Post('logout')
  @HttpCode(204)
  @Public()
  @Refuses(401)
  async logout(@Body() body: LogoutDto, @RequestOrigin() origin: Origin, @Headers('authorization') authorization?: string): Promise<void> {
    await this.signIns.signOut(await this.sessions.named(this.kind, body.refreshToken, authorization), false, origin);
  }

  /** Ends all sessions of whoever the refresh token belongs to. */
  @Post('logout-all')
  @HttpCode(204)
  @Public()
  @Refuses(401)
  async logoutAll(@Body() body: LogoutDto, @RequestOrigin() origin: Origin, @Headers('authorization') authorization?: string): Promise<void> {
    await this.signIns.signOut(await this.sessions.named(this.kind, body.refreshToken, authorization), true, origin);
  }

  /** Who is signed in, in which session, and what may be done. */
  @Get('me')
  @Requires(Permission.AccountManage)
  @OpenWhile(Pending.PasswordChange, Pending.MfaEnrolment)
  async me(@CurrentActor() actor: Actor): Promise<MeDto> {
    const account = await this.accounts.of(this.kind).find(actor.id);
    if (!account) throw new NotFound('account');
    return { user: AccountDto.of(account), session: { id: actor.sessionId ?? null }, permissions: [...actor.permissions] };
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
  async changePassword(@CurrentActor() actor: Actor, @Body() { currentPassword, newPassword }: ChangePasswordDto): Promise<SignedInDto> {
    return answerOf(await this.signIns.changePassword(actor, currentPassword, newPassword));
  }
}

function answerOf({ accessToken, expiresIn, refreshToken, account, deviceToken, pending }: SignedIn): SignedInDto {
  const mustChangePassword = pending === Pending.PasswordChange;
  const optional = { ...(deviceToken && { deviceToken }), ...(pending && { pending }), ...(mustChangePassword && { mustChangePassword }) };
  return { accessToken, tokenType: 'Bearer', expiresIn, refreshToken, user: AccountDto.of(account), ...optional };
}

