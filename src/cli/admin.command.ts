import type { Command } from 'commander';
import { PrincipalKind } from '../access/permission.js';
import { withApplication } from './application.js';
import { say } from './output.js';
import { resetMfaCommand } from './reset-mfa.js';

export function adminCommand(program: Command): void {
  const admin = program.command('admin').description('people who run this installation');
  admin
    .command('create <username>')
    .description('make an admin; prints a one-time password, which must be changed at the first sign-in')
    .addHelpText('after', '\n  provost admin create grace')
    .action((username: string) =>
      withApplication(async (app) => {
        const { AdminsService } = await import('../admin/admins.service.js');
        const { admin, password } = await app.get(AdminsService).create(username);
        say(`Admin     ${admin.username}\nPassword  ${password}   shown once; sign-in asks for a new one`);
      }),
    );
  resetMfaCommand(admin, PrincipalKind.Admin, 'grace');
}
