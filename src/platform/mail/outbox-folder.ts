import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { domainOf } from './mail-address.js';
import { mailOptionsOf, MailTransport, type Message } from './mail-transport.js';

/** Without a mail server: each message becomes a file that a mail program can open. The library is loaded with the first. */
export class OutboxFolder extends MailTransport {
  private readonly logger = new Logger('Mail');

  constructor(private readonly folder: string) {
    super();
  }

  /** Under its name the file is whole: it is written beside it first. A second attempt writes the same name. */
  override async send(message: Message): Promise<void> {
    const { createTransport } = await import('nodemailer');
    const { message: bytes } = await createTransport({ streamTransport: true, buffer: true }).sendMail(mailOptionsOf(message));
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `${message.id}.eml`);
    await writeFile(`${path}.part`, bytes as Buffer, { mode: 0o600, flush: true });
    await rename(`${path}.part`, path);
    this.logger.log(`SMTP_URL is not set: the mail to somebody at ${domainOf(message.to)} is ${path}`);
  }
}
