import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  readonly principalId?: string;
}

/** A mail that is written only when it is its turn. */
export interface MailRequest {
  /** Which writer. */
  readonly request: string;
  readonly details: Readonly<Record<string, string>>;
}

/** Finds out first whom the request concerns, then writes in a transaction; answers null when no mail is due. */
export type MailWriter = (details: MailRequest['details']) => Promise<WriteMail | null>;
export type WriteMail = (tx: EntityManager) => Promise<Mail | null>;

/** Who writes mails that were only asked for; modules bring their own. */
@Injectable()
export class MailWriters {
  private readonly writers = new Map<string, MailWriter>();

  register(request: string, writer: MailWriter): void {
    this.writers.set(request, writer);
  }

  prepare({ request, details }: MailRequest): Promise<WriteMail | null> {
    const writer = this.writers.get(request);
    if (!writer) throw new Error(`Nobody writes mails of the kind ${request}`);
    return writer(details);
  }
}
