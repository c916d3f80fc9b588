import type { Command } from 'commander';
import { PrincipalKind } from '../access/permission.js';
import { withApplication } from './application.js';
import { CommandFailed, say } from './output.js';
import { resetMfaCommand } from './reset-mfa.js';

const LEVELS = ['1', '2', '3'];

export function staffCommand(program: Command): void {
  const staff = program.command('staff').description('people who help users');
  staff
    .command('create <username>')
    .description('make a staff member; prints a one-time password, which must be changed at the first sign-in')
    .requiredOption('--email <address>', 'where mails to this staff member go')
    .option('--level <level>', '1 viewer, 2 agent, 3 lead', '1')
    .option('--name <name>', 'what this staff member is called')
    .addHelpText('after', '\n  provost staff create hugo --email hugo@example.org --level 2')
    .action((username: string, { email, level, name }: { email: string; level: string; name?: string }) =>
      withApplication(async (app) => {
        if (!LEVELS.includes(level)) throw new CommandFailed(`The level must be one of ${LEVELS.join(', ')}.`);
        const { SYSTEM } = await import('../audit/audit.service.js');
        const { StaffService } = await import('../staff/staff.service.js');
        const made = await app.get(StaffService).create(SYSTEM, { username, email, name, level: Number(level) }, (member, password) => ({ username: member.username, password }));
        say(`Staff     ${made.username}, level ${level}\nPassword  ${made.password}   shown once; sign-in asks for a new one`);
      }),
    );
  resetMfaCommand(staff, PrincipalKind.Staff, 'hugo');
}
