import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PrincipalKind } from '../../access/permission.js';
import { Audience } from '../../access/requires.js';
import { SessionAuthenticator } from '../sessions/session-authenticator.js';
import { EmailVerificationService } from './email-verification.service.js';
import { MailLinkRoutes } from './mail-links.routes.js';
import { PasswordResetService } from './password-reset.service.js';

@ApiTags('auth')
@Audience(PrincipalKind.User)
@Controller('auth')
export class MailLinksController extends MailLinkRoutes {
  protected override readonly kind = PrincipalKind.User;

  constructor(verifications: EmailVerificationService, resets: PasswordResetService, sessions: SessionAuthenticator) {
    super(verifications, resets, sessions);
  }
}
