import type { SendMailOptions } from 'nodemailer';
import type { Sender } from './mail-address.js';

export interface Message {
  readonly id: string;
  readonly from: Sender;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
}

/** What goes to nodemailer. Addresses are given as objects and never parsed; the id stays the same however often it is sent. */
export function mailOptionsOf({ id, from, to, subject, text, date }: Message): SendMailOptions {
  return {
    messageId: `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    envelope: { from: from.address, to: [to] },
    from: { ...from },
    to: [{ name: '', address: to }],
    subject,
    text,
    date,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The way out for messages. It throws `Refused` when trying again cannot help. */
export abstract class MailTransport {
  abstract send(message: Message): Promise<void>;
}

/** The mail server will not take this message, now or later. */
export class Refused extends Error {}

/** No mail server answered, or it takes nothing from us at the moment: the next message would fare no better. */
export class Unreachable extends Error {}
