import type { INestApplicationContext } from '@nestjs/common';
import type { SYSTEM } from '../audit/audit.service.js';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PrincipalKind } from '../access/permission.js';
import { BanScope } from '../users/bans.js';
import { withApplication } from './application.js';
import { CommandFailed, say, table } from './output.js';
import { resetMfaCommand } from './reset-mfa.js';
import { exportUsers } from './users/export-users.js';
import { importUsers } from './users/import-users.js';

interface Reason {
  reason: string;
}

export function userCommand(program: Command): void {
  const user = program.command('user').description('users by id, username or e-mail address');
  const withReason = (command: Command): Command => command.requiredOption('--reason <text>', 'why; it stays in the audit');
  withReason(user.command('delete <user>').description('delete; the user can be restored for DELETED_USER_DAYS')).action(remove);
  withReason(user.command('restore <user>').description('bring a deleted user back')).action(restore);
  withReason(user.command('ban <user>').description('keep out (sessions end, keys are refused), or from a part of the service').option('--until <instant>', 'when the ban ends by itself', instant)).addOption(scopeOption('what to keep from')).action(ban);
  withReason(user.command('unban <user>').description('end bans')).addOption(scopeOption('the one ban to end; without it all')).action(unban);
  withReason(user.command('erase <user>').description('erase now and for good').requiredOption('--confirm <username>', 'the username, typed again')).action(erase);
  resetMfaCommand(user, PrincipalKind.User, 'ada');
  user
    .command('purge')
    .description('erase those whose time to be restored is over, as the job users.purge-deleted does')
    .option('--dry-run', 'only tell who would go, and how many rows of what')
    .addHelpText('after', '\n  provost user purge --dry-run')
    .action(purge);
  user
    .command('import <file>')
    .description('make users of the rows of a file, CSV with a header or a JSON object a line; fails when a row made none')
    .option('--dry-run', 'check every row and write nothing')
    .option('--key <key>', 'names the import: the same key and file go on where it was cut off')
    .addOption(formatOption('of the file; by its name without it'))
    .addHelpText('after', '\n  provost user import users.csv --key customers-2030 (columns: docs/import-export.md)')
    .action(importUsers);
  user
    .command('export')
    .description('all users as one file, which import reads; no passwords, no hashes')
    .addOption(formatOption('of the file').default('csv'))
    .option('--out <file>', 'a new file, readable for you alone; standard output without it')
    .addHelpText('after', '\n  provost user export --format csv --out users.csv')
    .action(exportUsers);
}

function formatOption(what: string): Option {
  return new Option('--format <format>', `format ${what}`).choices(['csv', 'ndjson']);
}

function remove(name: string, { reason }: Reason): Promise<void> {
  return withApplication(async (app) => {
    const { id, username } = await living(app, name);
    const { AccountRemoval } = await import('../auth/account/account-removal.js');
    const { purgeAfter } = await app.get(AccountRemoval).delete(await self(), id, reason);
    say(`Deleted ${username}; can be restored until ${purgeAfter.toISOString()}.`);
  });
}

function restore(name: string, { reason }: Reason): Promise<void> {
  return withApplication(async (app) => {
    const { id, username } = await deleted(app, name);
    const { AccountRemoval } = await import('../auth/account/account-removal.js');
    await app.get(AccountRemoval).restore(await self(), id, reason);
    say(`Restored ${username}.`);
  });
}

function ban(name: string, { reason, until, scope = BanScope.SignIn }: Reason & { until?: Date; scope?: BanScope }): Promise<void> {
  return withApplication(async (app) => {
    const { id, username } = await living(app, name);
    const { Bans } = await import('../auth/account/bans.js');
    await app.get(Bans).ban(await self(), id, { scope, until: until ?? null, reason });
    say(`Banned ${username}${scope === BanScope.SignIn ? '' : ` from ${scope}`}${until ? ` until ${until.toISOString()}` : ''}.`);
  });
}

function unban(name: string, { reason, scope }: Reason & { scope?: BanScope }): Promise<void> {
  return withApplication(async (app) => {
    const { id, username } = await living(app, name);
    const { Bans } = await import('../auth/account/bans.js');
    await app.get(Bans).unban(await self(), id, reason, scope);
    say(scope === undefined || scope === BanScope.SignIn ? `${username} may sign in again.` : `Ended the ban of ${username} from ${scope}.`);
  });
}

function erase(name: string, { reason, confirm }: Reason & { confirm: string }): Promise<void> {
  return withApplication(async (app) => {
    const { id, username } = await living(app, name).catch(() => deleted(app, name));
    if (username !== confirm) throw new CommandFailed(`--confirm ${confirm} is not the username; nothing was erased.`);
    const { AccountRemoval } = await import('../auth/account/account-removal.js');
    say(`Erased ${username}. ${listed(await app.get(AccountRemoval).erase(await self(), id, reason))}`);
  });
}

function purge({ dryRun }: { dryRun?: true }): Promise<void> {
  return withApplication(async (app) => {
    const { UserErasure } = await import('../users/erasure/user-erasure.js');
    if (!dryRun) return say(JSON.stringify(await app.get(UserErasure).purge()));
    const lines: string[][] = [];
    for await (const { user, rows } of app.get(UserErasure).plan()) lines.push([user.id, user.username, user.deletedAt.toISOString(), listed(rows)]);
    say(lines.length > 0 ? table([['id', 'username', 'deleted', 'would be erased'], ...lines]) : 'Nobody is due.');
  });
}

async function living(app: INestApplicationContext, name: string): Promise<{ id: string; username: string }> {
  const { UsersService } = await import('../users/users.service.js');
  const users = app.get(UsersService);
  const found = (await users.find(name)) ?? (await users.findByLogin(name));
  if (!found) throw new CommandFailed(`There is no user "${name}".`);
  return found;
}

async function deleted(app: INestApplicationContext, name: string): Promise<{ id: string; username: string }> {
  const { DeletedUsers } = await import('../users/deleted-users.service.js');
  const users = app.get(DeletedUsers);
  const found = (await users.find(name)) ?? (await users.findByLogin(name));
  if (!found) throw new CommandFailed(`There is no deleted user "${name}".`);
  return found;
}

async function self(): Promise<typeof SYSTEM> {
  return (await import('../audit/audit.service.js')).SYSTEM;
}

function listed(rows: Record<string, number>): string {
  return Object.entries(rows).map(([name, number]) => `${name} ${number}`).join(', ') || 'no rows';
}

function instant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be an instant such as 2030-01-31T00:00:00Z.');
  return date;
}

function scopeOption(about: string): Option {
  return new Option('--scope <scope>', `${about}: sign-in is the whole account`).choices(Object.values(BanScope));
}
