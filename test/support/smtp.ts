import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { MailSender } from '../../src/platform/mail/mail-sender.js';
import type { Api } from './api.js';
import { freePort } from './free-port.js';

export interface ReceivedMail extends Email {
  /** As the SMTP dialogue named them, whatever the headers say. */
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly raw: string;
}

type Mode = 'accept' | 'defer' | 'refuse' | 'hang' | 'lock';

interface Received {
  from: string;
  to: string[];
  raw: string;
}

/** A real mail server in a process of its own. */
export class SmtpServer {
  private asked = 0;

  private constructor(
    private child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<SmtpServer> {
    const port = await freePort();
    return new SmtpServer(await begin(port), port);
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** How it answers from now on. */
  async answer(mode: Mode): Promise<void> {
    await this.ask('mode', mode);
  }

  async forget(): Promise<void> {
    await this.ask('forget');
  }

  /** How many messages were offered to it, taken or not. */
  async attempts(): Promise<number> {
    return (await this.ask('attempts')) as number;
  }

  /** What it has taken, oldest first; with an address what came for that one. */
  async received(address?: string): Promise<ReceivedMail[]> {
    const all = (await this.ask('received')) as Received[];
    const mine = all.filter(({ to }) => address === undefined || to.includes(address));
    return Promise.all(mine.map(async ({ from, to, raw }) => ({ ...(await PostalMime.parse(Buffer.from(raw, 'latin1'))), envelope: { from, to }, raw })));
  }

  async goAway(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** On the same port, without what it had taken before. */
  async comeBack(): Promise<void> {
    this.child = await begin(this.port);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.goAway();
  }

  private async ask(ask: string, value?: string): Promise<unknown> {
    const id = (this.asked += 1);
    const answered = new Promise((resolve) => {
      const listen = (message: { id?: number; answer?: unknown }): void => {
        if (message.id !== id) return;
        this.child.off('message', listen);
        resolve(message.answer);
      };
      this.child.on('message', listen);
    });
    this.child.send({ id, ask, value });
    return answered;
  }
}

async function begin(port: number): Promise<ChildProcess> {
  const child = fork('test/support/smtp-server.mjs', [String(port)], { execArgv: [] });
  await once(child, 'message');
  return child;
}

/** Sends what is due now. */
export function sendMails(api: Api): Promise<void> {
  return api.app.get(MailSender).sendDue();
}

/** The mails of a service without a mail server, for this address, oldest first, after what is due was sent. */
export async function outboxOf(api: Api, address: string): Promise<Email[]> {
  await sendMails(api);
  const folder = join(api.settings.dataDir, 'outbox');
  // Names begin with the time of queueing.
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(files.map((name) => PostalMime.parse(readFileSync(join(folder, name)))));
  return mails.filter(({ to }) => to?.some((recipient) => recipient.address === address));
}

/** The token in the newest of these mails that has a link. */
export function tokenIn(mails: readonly Email[]): string {
  const token = mails.map(({ text }) => /[?&#]token=([\w-]+)/.exec(text ?? '')?.[1]).findLast(Boolean);
  if (!token) throw new Error('None of these mails has a link');
  return token;
}
