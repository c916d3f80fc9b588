import { Body, Headers, HttpCode, Post } from '@nestjs/common';
import { type Origin, RequestOrigin } from '../../access/actor.js';
import type { PrincipalKind } from '../../access/permission.js';
import { Public } from '../../access/requires.js';
import { LimitedAs } from '../../access/throttling/rate-class.js';
import { Refuses } from '../../platform/http/refuses.js';
import { SessionAuthenticator } from '../sessions/session-authenticator.js';
import { EmailVerificationService } from './email-verification.service.js';
import { AcceptedDto, EmailVerifiedDto, ForgotPasswordDto, PasswordResetDto, ResendVerificationDto, ResetPasswordDto, VerifyEmailDto } from './mail-links.dto.js';
import { PasswordResetService } from './password-reset.service.js';

/** The routes of links in mails, the same for every kind of principal that has an address; each kind's controller says where they hang. */
export abstract class MailLinkRoutes {
  protected abstract readonly kind: PrincipalKind;

  constructor(
    protected readonly verifications: EmailVerificationService,
    protected readonly resets: PasswordResetService,
    protected readonly sessions: SessionAuthenticator,
  ) {}

  /** Confirms an e-mail address with the token of the mail that was sent there. A token is good once. */
  @Post('email/verify')
  @HttpCode(200)
  @Public()
  @LimitedAs('sign-in')
  async verify(@Body() { token }: VerifyEmailDto, @RequestOrigin() origin: Origin): Promise<EmailVerifiedDto> {
    await this.verifications.verify(this.kind, token, origin);
    return { emailVerified: true };
  }

  /** Sends another mail that confirms the address, for the caller who is signed in or for an address that is named. At most three an hour; says nothing about whether the address is known. */
  @Post('email/resend')
  @HttpCode(202)
  @Public()
  @LimitedAs('sign-in')
  @Refuses(401)
  async resend(@Body() { email }: ResendVerificationDto, @RequestOrigin() origin: Origin, @Headers('authorization') authorization?: string): Promise<AcceptedDto> {
    const asker = email === undefined ? { principalId: await this.sessions.whoIs(this.kind, authorization, origin) } : { email };
    await this.verifications.ask(this.kind, asker, origin);
    return { accepted: true };
  }

  /** Sends a mail with which a new password can be chosen, if somebody has this address. At most three an hour; the answer is always the same. */
  @Post('password/forgot')
  @HttpCode(202)
  @Public()
  @LimitedAs('sign-in')
  async forgot(@Body() { email }: ForgotPasswordDto, @RequestOrigin() origin: Origin): Promise<AcceptedDto> {
    await this.resets.ask(this.kind, email, origin);
    return { accepted: true };
  }

  /** Sets a new password with the token of the mail, and ends all sessions. A token is good once. */
  @Post('password/reset')
  @HttpCode(200)
  @Public()
  @LimitedAs('sign-in')
  async reset(@Body() { token, newPassword }: ResetPasswordDto, @RequestOrigin() origin: Origin): Promise<PasswordResetDto> {
    await this.resets.reset(this.kind, token, newPassword, origin);
    return { passwordChanged: true };
  }
}
