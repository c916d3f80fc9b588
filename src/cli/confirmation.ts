import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { CommandFailed } from './output.js';

export interface Confirmable {
  /** Said beforehand, by scripts for instance. */
  readonly yes?: true;
}

export function withConfirmation(command: Command): Command {
  return command.option('--yes', 'do it without asking');
}

/** Asks whoever types, or the program that writes into this one; no answer is a no. */
export async function demandYes(question: string, { yes }: Confirmable): Promise<void> {
  if (yes) return;
  process.stderr.write(`${question} [y/N] `);
  const answers = createInterface({ input: process.stdin });
  for await (const answer of answers) {
    if (/^y(es)?$/i.test(answer.trim())) return;
    break;
  }
  throw new CommandFailed('Nothing was done. Answer y, or say --yes.');
}
