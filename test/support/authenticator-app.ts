import { TOTP } from 'otpauth';
import type { Api, Caller } from './api.js';
import { PASSWORD } from './api.js';
import type { FixedClock } from './fixed-clock.js';

const STEP_MS = 30_000;

/** What people have on their telephones: knows the secret and the time. */
export class AuthenticatorApp {
  private constructor(
    private readonly clock: FixedClock,
    readonly secret: string,
    readonly recoveryCodes: string[] = [],
  ) {}

  static of(api: Api, secret: string): AuthenticatorApp {
    return new AuthenticatorApp(api.clock, secret);
  }

  /** Sets up a second factor for somebody who is signed in; the next code is one that was not used yet. */
  static async enrol(api: Api, caller: Caller, password = PASSWORD, door = '/auth'): Promise<AuthenticatorApp> {
    const { body } = await caller.post(`${door}/mfa/totp`, { password }).expect(200);
    const { secret } = body as { secret: string };
    const { body: activated } = await caller.post(`${door}/mfa/totp/activate`, { code: AuthenticatorApp.of(api, secret).code() }).expect(200);
    api.clock.advanceSeconds(30);
    return new AuthenticatorApp(api.clock, secret, (activated as { recoveryCodes: string[] }).recoveryCodes);
  }

  /** The code that the app shows, or showed or will show so many steps from now. */
  code(stepsAway = 0): string {
    return new TOTP({ secret: this.secret }).generate({ timestamp: this.clock.millis() + stepsAway * STEP_MS });
  }

  /** Six digits that are no code of these minutes. */
  get wrongCode(): string {
    const near = [-2, -1, 0, 1, 2].map((steps) => this.code(steps));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code))!;
  }
}
