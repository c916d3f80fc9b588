import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
/** Steps either side of now whose codes are taken, because clocks of telephones are off. */
const WINDOW = 1;
/** What every authenticator app takes (RFC 6238). */
const FORM = { algorithm: 'SHA1', digits: DIGITS, period: PERIOD_SECONDS };

/** 160 random bits, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from the QR code. */
export function otpauthUri(secret: string, issuer: string, label: string): string {
  return new TOTP({ ...FORM, secret, issuer, label }).toString();
}

/** The step that a code is of, if it is one of now. */
export function stepOf(secret: string, code: string, nowMs: number): number | undefined {
  const delta = new TOTP({ ...FORM, secret }).validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : TOTP.counter({ period: PERIOD_SECONDS, timestamp: nowMs }) + delta;
}
