import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hmac, Keyring } from '../../platform/crypto/keyring.js';
import { isId } from '../../platform/ids/ids.js';

export interface RefreshClaim {
  readonly sessionId: string;
  readonly generation: number;
}

const FORM = /^pvr_([0-9a-f-]{36})_(\d{1,9})_([A-Za-z0-9_-]{43})$/;

/**
 * `pvr_<session>_<generation>_<mac>`: nothing of a token is stored, only which generation is the current one. The mac
 * tells a token that was ours from an invented one, so that only the reuse of a real token ends a session; and the
 * token of a generation can be made again, which answers a client that lost the answer.
 */
@Injectable()
export class RefreshTokens {
  private readonly key: Buffer;

  constructor(keyring: Keyring) {
    this.key = keyring.derive('refresh-token');
  }

  make({ sessionId, generation }: RefreshClaim): string {
    return `pvr_${sessionId}_${generation}_${this.mac(sessionId, generation).toString('base64url')}`;
  }

  read(token: string): RefreshClaim | undefined {
    const match = FORM.exec(token);
    if (!match || !isId(match[1])) return undefined;
    const claim = { sessionId: match[1], generation: Number(match[2]) };
    const given = Buffer.from(match[3]!, 'base64url');
    const real = this.mac(claim.sessionId, claim.generation);
    return given.length === real.length && timingSafeEqual(given, real) ? claim : undefined;
  }

  private mac(sessionId: string, generation: number): Buffer {
    return hmac(this.key, `${sessionId}.${generation}`);
  }
}
