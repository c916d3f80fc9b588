import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AuditModule } from '../audit/audit.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { AccountRemoval } from './account/account-removal.js';
import { Bans } from './account/bans.js';
import { Unlocks } from './account/unlocks.js';
import { MyAccountController } from './account/my-account.controller.js';
import { PersonalAccount } from './account/personal-account.js';
import { UnknownSignIns } from './account/unknown-sign-ins.js';
import { Accounts } from './accounts.js';
import { Attempts } from './attempts/attempts.js';
import { FailureCounts } from './attempts/failure-counts.js';
import { AuthController } from './auth.controller.js';
import { EvidenceLookup } from './credentials/evidence.js';
import { BrowserMode } from './browser/browser-mode.js';
import { PasswordHasher } from './credentials/password-hasher.js';
import { PasswordsService } from './credentials/passwords.service.js';
import { KnownDevices } from './devices/known-devices.js';
import { Impersonations } from './impersonation/impersonations.js';
import { JwksController } from './jwks.controller.js';
import { LoginAudits } from './login-audits.js';
import { EmailVerificationService } from './mail-links/email-verification.service.js';
import { LinkMails } from './mail-links/link-mails.js';
import { MailLinksController } from './mail-links/mail-links.controller.js';
import { MailLinks } from './mail-links/mail-links.service.js';
import { PasswordResetService } from './mail-links/password-reset.service.js';
import { MfaChallenges } from './mfa/mfa-challenges.service.js';
import { MfaController } from './mfa/mfa.controller.js';
import { MfaEnrolment } from './mfa/mfa-enrolment.service.js';
import { MfaPolicy } from './mfa/mfa-policy.js';
import { MfaTokens } from './mfa/mfa-tokens.js';
import { RecoveryCodes } from './mfa/recovery-codes.service.js';
import { TotpFactors } from './mfa/totp-factors.service.js';
import { Notices } from './notices.js';
import { RegistrationService } from './registration.service.js';
import { RevocationFeed } from './revocations/revocation-feed.js';
import { RevocationsController } from './revocations/revocations.controller.js';
import { NewSessions } from './sessions/new-sessions.js';
import { SessionAuthenticator } from './sessions/session-authenticator.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInHistory } from './sign-in-history.js';
import { SignInsController } from './sign-ins.controller.js';
import { SignInRecords } from './sign-in-records.js';
import { SignInUpkeep } from './sign-in-upkeep.js';
import { SignInService } from './sign-in.service.js';
import { SigningKeyRotation } from './signing-keys/signing-key-rotation.js';
import { SigningKeys } from './signing-keys/signing-keys.js';
import { AccessTokenStrategy } from './tokens/access-token.strategy.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { UserDirectory } from './user-directory.js';

@Module({
  imports: [AuditModule, UsersModule, StatsModule, ApiKeysModule, JwtModule.register({}), PassportModule],
  controllers: [AuthController, MfaController, MailLinksController, MyAccountController, JwksController, RevocationsController, SignInsController],
  providers: [
    Accounts, BrowserMode, UserDirectory, PasswordHasher, PasswordsService, AccessTokens, AccessTokenStrategy, RefreshTokens, SigningKeyRotation, SigningKeys,
    NewSessions, SessionsService, SessionAuthenticator, RevocationFeed, SignInRecords, SignInService, RegistrationService, Notices,
    FailureCounts, Attempts, EvidenceLookup, KnownDevices, LoginAudits, SignInUpkeep,
    MailLinks, LinkMails, EmailVerificationService, PasswordResetService,
    MfaPolicy, MfaTokens, MfaChallenges, MfaEnrolment, RecoveryCodes, TotpFactors, AccountRemoval, Bans, Unlocks, SignInHistory,
    PersonalAccount, UnknownSignIns, Impersonations,
  ],
  exports: [
    AccessTokens, AccountRemoval, Accounts, Bans, BrowserMode, EmailVerificationService, Impersonations, LinkMails, MfaEnrolment, Notices, PasswordResetService, PasswordsService,
    SessionAuthenticator, SessionsService, SignInHistory, SignInService, Unlocks,
  ],
})
export class AuthModule {}
