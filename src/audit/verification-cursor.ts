import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hmac, Keyring } from '../platform/crypto/keyring.js';
import { BadCursor } from '../platform/lists/cursor.js';
import type { VerificationPlace } from './audit-verification.js';

/** Hands the place of an unfinished verification to whoever asks, who can give it back but not make one up: that could hide a fault. */
@Injectable()
export class VerificationCursor {
  private readonly key: Buffer;

  constructor(keyring: Keyring) {
    this.key = keyring.derive('audit-verification');
  }

  textOf(place: VerificationPlace): string {
    const text = Buffer.from(JSON.stringify(place)).toString('base64url');
    return `${text}.${hmac(this.key, text).toString('base64url')}`;
  }

  placeOf(cursor: string): VerificationPlace {
    const [text = '', mac = ''] = cursor.split('.');
    const [given, real] = [Buffer.from(mac), Buffer.from(hmac(this.key, text).toString('base64url'))];
    if (given.length !== real.length || !timingSafeEqual(given, real)) throw new BadCursor();
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as VerificationPlace;
  }
}
