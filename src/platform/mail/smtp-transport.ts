import type { Transporter } from 'nodemailer';
import { mailOptionsOf, MailTransport, type Message, Refused, Unreachable } from './mail-transport.js';

/** A message is given up for this time long before its lease ends, so that two processes never send it at once. */
const SEND_MS = 60_000;
const TIMEOUTS = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
const AUTHENTICATION_REQUIRED = 530;

/** To a mail server, each message over a connection of its own. The library is loaded with the first. */
export class SmtpTransport extends MailTransport {
  private transporter: Transporter | undefined;

  constructor(private readonly url: string) {
    super();
  }

  override async send(message: Message): Promise<void> {
    try {
      const options = { ...mailOptionsOf(message), signal: AbortSignal.timeout(SEND_MS) };
      await (this.transporter ??= await this.connected()).sendMail(options);
    } catch (error) {
      throw classified(error as SmtpError);
    }
  }

  private async connected(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport({ url: this.url, requireTLS: insistsOnTls(new URL(this.url)), ...TIMEOUTS });
  }
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
}

/** A 5xx that speaks of this message is final; one that speaks of us (credentials, greeting) is for the operator to mend. */
function classified(error: SmtpError): Error {
  const { code, responseCode = 0, message } = error;
  const isAboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (!isAboutMessage || responseCode === AUTHENTICATION_REQUIRED) return new Unreachable(message, { cause: error });
  return responseCode >= 500 || responseCode === 0 ? new Refused(message, { cause: error }) : error;
}

/** A connection that begins in the clear could be kept there by whoever sits in between, and links would be read. */
export function insistsOnTls({ protocol, hostname, searchParams }: URL): boolean {
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  const wish = searchParams.get('requireTLS');
  return wish === 'true' || (protocol === 'smtp:' && !isLoopback && wish !== 'false');
}
