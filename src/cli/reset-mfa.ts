import { PrincipalKind } from '../access/permission.js';
import { withApplication } from './application.js';
import { CommandFailed, say } from './output.js';

const NAMES = { [PrincipalKind.Admin]: 'admin', [PrincipalKind.Staff]: 'staff member' };

export function resetMfa(kind: PrincipalKind.Admin | PrincipalKind.Staff, username: string): Promise<void> {
  return withApplication(async (app) => {
    const { Accounts } = await import('../auth/accounts.js');
    const { MfaEnrolment } = await import('../auth/mfa/mfa-enrolment.service.js');
    const account = await app.get(Accounts).of(kind).findByLogin(username);
    if (!account) throw new CommandFailed(`There is no ${NAMES[kind]} named "${username}".`);
    if (!(await app.get(MfaEnrolment).reset(account))) throw new CommandFailed(`${account.username} has no second factor.`);
    say(`${account.username} has no second factor any more, and is signed out everywhere.`);
  });
}
