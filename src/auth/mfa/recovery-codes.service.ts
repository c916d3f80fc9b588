import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { EntityManager, IsNull } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { sha256 } from '../../platform/crypto/keyring.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { RecoveryCode } from './recovery-code.entity.js';

const COUNT = 10;
const BYTES = 16;
/** Without i, l, o and u, which are misread. 32 letters: each takes five bits of a random byte, none more often than another. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

@Injectable()
export class RecoveryCodes {
  constructor(private readonly clock: Clock) {}

  /** Ten new codes in place of all old ones. What is answered here can never be read again. */
  async renew(tx: EntityManager, principalId: string): Promise<string[]> {
    const codes = Array.from({ length: COUNT }, newCode);
    await this.clear(tx, principalId);
    await insertRow(tx, RecoveryCode, codes.map((code) => Object.assign(new RecoveryCode(), { principalId, hash: hashOf(principalId, code) })));
    return codes;
  }

  /** Uses a code up; false when it is none, or was used. */
  async use(tx: EntityManager, principalId: string, code: string): Promise<boolean> {
    const hash = Buffer.from(hashOf(principalId, code));
    const unused = await tx.findBy(RecoveryCode, { principalId, usedAt: IsNull() });
    const [id] = unused.filter((each) => timingSafeEqual(Buffer.from(each.hash), hash)).map((each) => each.id);
    if (id === undefined) return false;
    const { affected } = await tx.update(RecoveryCode, { id, usedAt: IsNull() }, { usedAt: this.clock.now() });
    return affected === 1;
  }

  left(db: EntityManager, principalId: string): Promise<number> {
    return db.countBy(RecoveryCode, { principalId, usedAt: IsNull() });
  }

  async clear(tx: EntityManager, principalId: string): Promise<void> {
    await tx.delete(RecoveryCode, { principalId });
  }
}

function newCode(): string {
  const letters = [...randomBytes(BYTES)].map((byte) => LETTERS[byte & 31]).join('');
  return letters.match(/.{4}/g)!.join('-');
}

/** As people type it: in any case, with dashes and spaces anywhere, and with the letters that look like digits. */
function hashOf(principalId: string, code: string): string {
  const plain = code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
  return sha256(`recovery-code:${principalId}:${plain}`).toString('base64url');
}
