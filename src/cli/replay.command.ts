import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, Progress, say } from './output.js';
import { readConversations } from './replay/conversations.js';
import { play } from './replay/play.js';
import { ProvostClient } from './replay/provost-client.js';
import { readBack } from './replay/read-back.js';
import { enrol, type ReplayUser } from './replay/replay-user.js';
import { isWhole, report } from './replay/report.js';
import { Tally } from './replay/tally.js';

interface ReplayOptions {
  url: string;
  users: number;
  rate: number;
  concurrency: number;
  emailDomain: string;
  limit: number;
  run: string;
  password?: string;
}

export function replayCommand(program: Command): void {
  program
    .command('replay <file>')
    .description('play conversations (JSONL: {id, model, messages}) through a running Provost as an application would, and read them back')
    .option('--url <url>', 'where Provost serves', 'http://127.0.0.1:3000')
    .option('--users <number>', 'users to register; the conversations go round among them', wholeNumber(1), 10)
    .option('--rate <number>', 'conversations to begin in a second at most; 0 is as many as go', wholeNumber(0), 0)
    .option('--concurrency <number>', 'conversations under way at once', wholeNumber(1), 8)
    .option('--email-domain <domain>', 'of the users it registers', 'example.org')
    .option('--limit <number>', 'conversations to play at most', wholeNumber(1), Infinity)
    .option('--run <name>', 'prefix of the user names and ids; a second replay of the same name reports duplicates', randomBytes(4).toString('hex'))
    .option('--password <password>', 'of the users, to replay under the same name later; random without it')
    .addHelpText('after', HELP)
    .action(replay);
}

const HELP = `
Each user registers, signs in and makes an API key. Each conversation is counted against its user's daily limit; one that
the limit refuses is not posted. Fails (exit code 1) unless all that was acknowledged reads back the same.

  provost replay conversations.jsonl --url http://127.0.0.1:3000 --users 10 --concurrency 8`;

async function replay(file: string, options: ReplayOptions): Promise<void> {
  const conversations = await readConversations(file, options.limit);
  const tally = new Tally();
  const client = new ProvostClient(options.url.replace(/\/+$/, ''), tally);
  const users = await enrolAll(client, options);
  const started = performance.now();
  const acknowledged = await watched('Playing', conversations.length, (progress) => play(client, users, conversations, tally, progress, options));
  const seconds = (performance.now() - started) / 1000;
  const found = await watched('Reading back', tally.acknowledged, (progress) => readBack(client, acknowledged, progress));
  say(report(conversations.length, seconds, tally, found));
  if (!isWhole(tally, found)) throw new CommandFailed('The replay was not whole.');
}

function enrolAll(client: ProvostClient, { run, users, emailDomain, password }: ReplayOptions): Promise<ReplayUser[]> {
  return watched('Registering', users, async (progress) => {
    const enrolled: ReplayUser[] = [];
    for (let number = 1; number <= users; number += 1) {
      enrolled.push(await enrol(client, `replay-${run}-${number}`, emailDomain, password));
      progress.add(1);
    }
    return enrolled;
  });
}

async function watched<T>(what: string, total: number, work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = new Progress(what, total);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < least) throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    return value;
  };
}
