import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { SettingsError } from '../platform/config/load-settings.js';
import { Problem } from '../platform/problems/problem.js';
import { VERSION } from '../version.js';
import { adminCommand } from './admin.command.js';
import { auditCommand } from './audit.command.js';
import { withApplication } from './application.js';
import { dbCommand } from './db.command.js';
import { envExample } from './env-example.js';
import { experimentCommand } from './experiment.command.js';
import { ipRulesCommand } from './ip-rules.command.js';
import { jobsCommand } from './jobs.command.js';
import { keysCommand } from './keys.command.js';
import { CommandFailed } from './output.js';
import { planCommand } from './plan.command.js';
import { replayCommand } from './replay.command.js';
import { settingsCommand } from './settings.command.js';
import { staffCommand } from './staff.command.js';
import { serviceKeyCommand } from './service-key.command.js';
import { userCommand } from './user.command.js';

const FAILED = 1;
const WRONG_USAGE = 2;

/** Carries out one command line, without the names of node and program; answers the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return explain(error);
  }
}

function program(): Command {
  const all = new Command('provost')
    .description('The back office of an AI research or study application. Settings come from the environment and .env, as for the service.')
    .version(VERSION)
    .showHelpAfterError('(provost --help shows the commands, provost COMMAND --help tells of one)')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 called wrongly.')
    .exitOverride();
  dbCommand(all);
  adminCommand(all);
  staffCommand(all);
  auditCommand(all);
  serviceKeyCommand(all);
  planCommand(all);
  settingsCommand(all);
  keysCommand(all);
  ipRulesCommand(all);
  userCommand(all);
  jobsCommand(all);
  experimentCommand(all);
  replayCommand(all);
  all
    .command('env-example', { hidden: true })
    .description('for developers: print .env.example as the settings class has it')
    .action(() => void process.stdout.write(envExample(readFileSync('src/platform/config/settings.ts', 'utf8'))));
  all
    .command('permissions')
    .description('print who may do what, as docs/permissions.md has it')
    .action(() =>
      withApplication(async (app) => {
        const [{ DiscoveryService }, { routesOf }, { permissionDocument }] = await Promise.all([import('@nestjs/core'), import('../access/route-rules.js'), import('../access/permission-table.js')]);
        process.stdout.write(permissionDocument(routesOf(app.get(DiscoveryService, { strict: false }))));
      }),
    );
  return all;
}

async function explain(error: unknown): Promise<number> {
  // Commander has already said what is wrong; help and version come this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  const { DatabaseUnreachable } = await import('../platform/database/open-data-source.js');
  const expected = [CommandFailed, SettingsError, DatabaseUnreachable, Problem].some((kind) => error instanceof kind);
  process.stderr.write(`provost: ${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  return FAILED;
}
