import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Settings } from '../../platform/config/settings.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { issuerOf } from './issuer.js';
import { DeadToken } from './tokens.problems.js';

type Payload = Record<string, unknown>;

/**
 * Checks signature, algorithm and issuer. Times are checked by `AccessTokens` against the injected clock, the audience
 * by who is asked for: one strategy serves all kinds of principals.
 */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(settings: Settings, keyring: Keyring) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // The form was checked before: the token names the one key there is. As an object: text would be parsed for every
      // token, which takes longer than the check; the types know only text.
      secretOrKey: keyring.signing.publicKey as unknown as string,
      algorithms: ['ES256'],
      issuer: issuerOf(settings),
      ignoreExpiration: true,
    });
  }

  validate(payload: Payload): Payload {
    return payload;
  }

  check(token: string): Promise<Payload> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, payload: Payload | false | undefined): void => {
        if (error || !payload) reject(new DeadToken());
        else resolve(payload);
      };
      const request = { headers: { authorization: `Bearer ${token}` } };
      const authenticate = passport.authenticate('access-token', { session: false }, settle) as (request: object, response: object, next: (error?: unknown) => void) => void;
      authenticate(request, {}, reject);
    });
  }
}
