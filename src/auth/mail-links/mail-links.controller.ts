import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Origin, RequestOrigin } from '../../access/actor.js';
import { PrincipalKind } from '../../access/permission.js';
import { Audience, Public } from '../../access/requires.js';
import { LimitedAs } from '../../access/throttling/rate-class.js';
import { Refuses } from '../../platform/http/refuses.js';
import { SessionAuthenticator } from '../sessions/session-authenticator.js';
import { EmailVerificationService } from './email-verification.service.js';
import { AcceptedDto, EmailVerifiedDto, ForgotPasswordDto, PasswordResetDto, ResendVerificationDto, ResetPasswordDto, VerifyEmailDto } from './mail-links.dto.js';
import { PasswordResetService } from './password-reset.service.js';

@ApiTags('auth')
@Audience(PrincipalKind.User)
@Public()
@LimitedAs('sign-in')
@Controller('auth')
export class MailLinksController {
  constructor(
    private readonly verifications: EmailVerificationService,
    private readonly resets: PasswordResetService,
    private readonly sessions: SessionAuthenticator,
  ) {}

  /** Confirms an e-mail address with the token of the mail that was sent there. A token is good once. */
  @Post('email/verify')
  @HttpCode(200)
  async verify(@Body() { token }: VerifyEmailDto, @RequestOrigin() origin: Origin): Promise<EmailVerifiedDto> {
    await this.verifications.verify(PrincipalKind.User, token, origin);
    return { emailVerified: true };
  }

  /** Sends another mail that confirms the address, for the caller who is signed in or for an address that is named. At most three an hour; says nothing about whether the address is known. */
  @Post('email/resend')
  @HttpCode(202)
  @Refuses(401)
  async resend(@Body() { email }: ResendVerificationDto, @RequestOrigin() origin: Origin, @Headers('authorization') authorization?: string): Promise<AcceptedDto> {
    const asker = email === undefined ? { principalId: await this.sessions.whoIs(PrincipalKind.User, authorization, origin) } : { email };
    await this.verifications.ask(PrincipalKind.User, asker, origin);
    return { accepted: true };
  }

  /** Sends a mail with which a new password can be chosen, if somebody has this address. At most three an hour; the answer is always the same. */
  @Post('password/forgot')
  @HttpCode(202)
  async forgot(@Body() { email }: ForgotPasswordDto, @RequestOrigin() origin: Origin): Promise<AcceptedDto> {
    await this.resets.ask(PrincipalKind.User, email, origin);
    return { accepted: true };
  }

  /** Sets a new password with the token of the mail, and ends all sessions. A token is good once. */
  @Post('password/reset')
  @HttpCode(200)
  async reset(@Body() { token, newPassword }: ResetPasswordDto, @RequestOrigin() origin: Origin): Promise<PasswordResetDto> {
    await this.resets.reset(PrincipalKind.User, token, newPassword, origin);
    return { passwordChanged: true };
  }
}
