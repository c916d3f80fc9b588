import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hmac, Keyring } from '../../platform/crypto/keyring.js';
import { isId } from '../../platform/ids/ids.js';

const FORM = /^pvm_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

/** `pvm_<challenge>_<mac>`: names a challenge of one kind of principal. Invented ones are refused without a look-up. */
@Injectable()
export class MfaTokens {
  private readonly key: Buffer;

  constructor(keyring: Keyring) {
    this.key = keyring.derive('mfa-token');
  }

  make({ id, kind }: { id: string; kind: string }): string {
    return `pvm_${id}_${this.mac(id, kind).toString('base64url')}`;
  }

  /** The id of the challenge. */
  read(token: string, kind: string): string | undefined {
    const [, id, mac] = FORM.exec(token) ?? [];
    if (!isId(id)) return undefined;
    const given = Buffer.from(mac!, 'base64url');
    const real = this.mac(id, kind);
    return given.length === real.length && timingSafeEqual(given, real) ? id : undefined;
  }

  private mac(id: string, kind: string): Buffer {
    return hmac(this.key, `${id}.${kind}`);
  }
}
