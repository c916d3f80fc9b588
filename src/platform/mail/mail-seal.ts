import { Injectable } from '@nestjs/common';
import { Keyring } from '../crypto/keyring.js';
import type { Mail, MailRequest } from './mail-writers.js';

/** Seals what a row of the queue says: it may hold a link that opens an account. */
@Injectable()
export class MailSeal {
  constructor(private readonly keyring: Keyring) {}

  seal(id: string, content: Mail | MailRequest): string {
    return this.keyring.wrap(JSON.stringify(content), contextOf(id));
  }

  open(id: string, sealed: string): Mail | MailRequest {
    return JSON.parse(this.keyring.unwrap(sealed, contextOf(id)).toString()) as Mail | MailRequest;
  }
}

function contextOf(id: string): string {
  return `outgoing-mail:${id}`;
}
