import { IsBoolean, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import type { MfaState } from './mfa-enrolment.service.js';

export class StartTotpDto {
  /** The current password. */
  @IsString() @MaxLength(1_000_000)
  password!: string;
}

export class TotpCodeDto {
  /** Six digits of the authenticator app. @example '492039' */
  @IsString() @Length(1, 64)
  code!: string;
}

export class MfaCodeDto {
  /** Six digits of the authenticator app, or a recovery code. @example '492039' */
  @IsString() @Length(1, 64)
  code!: string;
}

export class LoginMfaDto {
  /** From the answer of the first step. */
  @IsString() @Length(1, 256)
  mfaToken!: string;

  /** Six digits of the authenticator app, or a recovery code. @example '492039' */
  @IsString() @Length(1, 64)
  code!: string;

  /** For pages: the refresh token goes into a cookie that no script can read, and the answer carries a csrfToken instead. */
  @IsOptional() @IsBoolean()
  cookie?: boolean;
}

/** The password was right; a code has to follow. */
export class MfaRequiredDto {
  /** Always true. */
  mfaRequired!: boolean;
  /** To be sent with the code, once. Opens nothing by itself. */
  mfaToken!: string;
  /** Life of the token in seconds. @example 300 */
  expiresIn!: number;
}

export class TotpEnrolmentDto {
  /** To be typed where the QR code cannot be read. @example 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' */
  secret!: string;
  /** What the QR code says. */
  otpauthUri!: string;
  /** The QR code: a PNG as a data URL. */
  qr!: string;
}

export class RecoveryCodesDto {
  /** Each signs in once in place of the app. They cannot be read again. @example ['4f7k-q2nx-8d3w-hm6c'] */
  recoveryCodes!: string[];
}

export class TotpStateDto {
  active!: boolean;
  since!: string | null;
}

export class MfaStateDto {
  totp!: TotpStateDto;
  recoveryCodesLeft!: number;
  /** Whether this installation requires a second factor of accounts of this kind. */
  required!: boolean;

  static of({ since, recoveryCodesLeft, required }: MfaState): MfaStateDto {
    return { totp: { active: since !== null, since: since?.toISOString() ?? null }, recoveryCodesLeft, required };
  }
}
