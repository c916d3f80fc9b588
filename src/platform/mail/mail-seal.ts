import { Injectable } from '@nestjs/common';
import { Keyring } from '../crypto/keyring.js';
import { WrappedColumns } from '../crypto/wrapped-columns.js';
import type { Mail, MailRequest } from './mail-writers.js';

/** Seals what a row of the queue says: it may hold a link that opens an account. */
@Injectable()
export class MailSeal {
  constructor(
    private readonly keyring: Keyring,
    wrapped: WrappedColumns,
  ) {
    wrapped.register({ table: 'outgoing_mails', column: 'sealed', key: ['id'], context: contextOf });
  }

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
