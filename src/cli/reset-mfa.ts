import type { Command } from 'commander';
import { PrincipalKind } from '../access/permission.js';
import { withApplication } from './application.js';
import { type Confirmable, demandYes, withConfirmation } from './confirmation.js';
import { CommandFailed, say } from './output.js';

const NAMES = { [PrincipalKind.Admin]: 'admin', [PrincipalKind.Staff]: 'staff member', [PrincipalKind.User]: 'user' };
type Kind = keyof typeof NAMES;

/** For those who lost the telephone and the recovery codes, once whoever asks for it is sure who they are. */
export function resetMfaCommand(parent: Command, kind: Kind, example: string): void {
  withConfirmation(parent.command('reset-mfa <name>').description('remove a second factor that was lost, and end the sessions'))
    .addHelpText('after', `\n  provost ${parent.name()} reset-mfa ${example}`)
    .action((name: string, options: Confirmable) => resetMfa(kind, name, options));
}

function resetMfa(kind: Kind, name: string, options: Confirmable): Promise<void> {
  return withApplication(async (app) => {
    const { Accounts } = await import('../auth/accounts.js');
    const { MfaEnrolment } = await import('../auth/mfa/mfa-enrolment.service.js');
    const accounts = app.get(Accounts).of(kind);
    const account = (await accounts.find(name)) ?? (await accounts.findByLogin(name));
    if (!account) throw new CommandFailed(`There is no ${NAMES[kind]} named "${name}".`);
    await demandYes(`Remove the second factor of ${account.username}? From then on the password alone opens.`, options);
    if (!(await app.get(MfaEnrolment).reset(account))) throw new CommandFailed(`${account.username} has no second factor.`);
    say(`${account.username} has no second factor any more, and is signed out everywhere.`);
  });
}
