import type { Command } from 'commander';
import { withApplication } from './application.js';
import { PATIENT } from './patience.js';

export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('the keys that sign tokens, and the master key that wraps stored secrets');
  keys
    .command('status')
    .description('every key by its id, its state, and how many stored values each master key wraps')
    .action(runStatus);
  keys
    .command('rotate')
    .description('make a new key for signing tokens; it signs after SIGNING_KEY_PUBLISH_HOURS, and nobody is signed out')
    .option('--now', 'let it sign in a moment: those who verify tokens elsewhere must read the published keys again', false)
    .option('--leaked', 'as --now, and refuse at once what the former key signed; clients refresh their tokens', false)
    .action(runRotate);
  keys
    .command('rotate-master')
    .description('make a new master key and wrap every stored secret again; the service may go on running')
    .option('--keep-old', 'leave the former key in DATA_DIR/keys, where older copies of the database can be read with it', false)
    .addHelpText('after', ROTATE_MASTER_HELP)
    .action(runRotateMaster);
  keys
    .command('rewrap')
    .description('wrap everything again that another master key than the current one wraps, after MASTER_KEY was changed')
    .action(runRewrap);
}

const ROTATE_MASTER_HELP = `
For keys in DATA_DIR/keys. It may be interrupted at any moment, and goes on where it was when it is called again. Older keys
that wrap nothing any more are removed. Where MASTER_KEY gives the key, or machines have copies of the file, see docs/keys.md.`;

function runStatus(): Promise<void> {
  return withApplication(async (app) => (await import('./keys/status.js')).status(app), PATIENT);
}

function runRotate({ now, leaked }: { now: boolean; leaked: boolean }): Promise<void> {
  return withApplication(async (app) => {
    const { rotateSigningKey } = await import('./keys/rotate-signing-key.js');
    await rotateSigningKey(app, leaked ? 'leaked' : now ? 'now' : 'on time');
  });
}

function runRotateMaster({ keepOld }: { keepOld: boolean }): Promise<void> {
  return withApplication(async (app) => (await import('./keys/rotate-master.js')).rotateMaster(app, keepOld), PATIENT);
}

function runRewrap(): Promise<void> {
  return withApplication(async (app) => (await import('./keys/rewrap.js')).rewrapAll(app), PATIENT);
}
