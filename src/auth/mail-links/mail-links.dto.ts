import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { CleanText } from '../../platform/http/text.js';
import { PASSWORD_LIMIT } from '../auth.dto.js';

export class VerifyEmailDto {
  /** From the link in the mail. */
  @IsString() @Length(1, 256)
  token!: string;
}

export class ResendVerificationDto {
  /** Not needed by whoever is signed in. @example 'ada@example.org' */
  @IsOptional() @CleanText() @IsString() @Length(3, 254)
  email?: string;
}

export class ForgotPasswordDto {
  /** @example 'ada@example.org' */
  @CleanText() @IsString() @Length(3, 254)
  email!: string;
}

export class ResetPasswordDto {
  /** From the link in the mail. */
  @IsString() @Length(1, 256)
  token!: string;

  /** Taken exactly as sent; by default at least 12 characters. */
  @IsString() @MaxLength(PASSWORD_LIMIT)
  newPassword!: string;
}

export class EmailVerifiedDto {
  emailVerified!: true;
}

export class PasswordResetDto {
  passwordChanged!: true;
}

/** Says nothing about whether a mail will be sent. */
export class AcceptedDto {
  accepted!: true;
}
