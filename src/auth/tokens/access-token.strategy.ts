import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Settings } from '../../platform/config/settings.js';
import { issuerOf } from './issuer.js';
import { DeadToken } from './tokens.problems.js';

type Payload = Record<string, unknown>;

/** What passport takes for a request: the token, and the key that it must be checked with. */
interface Check {
  headers: { authorization: string };
  key: KeyObject;
}

/**
 * Checks signature, algorithm and issuer. Times are checked by `AccessTokens` against the injected clock, the audience
 * by who is asked for: one strategy serves all kinds of principals.
 */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(settings: Settings) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // As an object: text would be parsed for every token, which takes longer than the check; the types know only text.
      secretOrKeyProvider: (request: unknown, _token: unknown, done: (error: null, key: string) => void) => done(null, (request as Check).key as unknown as string),
      algorithms: ['ES256'],
      issuer: issuerOf(settings),
      ignoreExpiration: true,
    });
  }

  validate(payload: Payload): Payload {
    return payload;
  }

  check(token: string, key: KeyObject): Promise<Payload> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, payload: Payload | false | undefined): void => {
        if (error || !payload) reject(new DeadToken());
        else resolve(payload);
      };
      const request: Check = { headers: { authorization: `Bearer ${token}` }, key };
      const authenticate = passport.authenticate('access-token', { session: false }, settle) as (request: object, response: object, next: (error?: unknown) => void) => void;
      authenticate(request, {}, reject);
    });
  }
}
