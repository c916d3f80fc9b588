import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { Jobs } from '../platform/jobs/jobs.js';
import { withApplication } from './application.js';
import { CommandFailed, say, table } from './output.js';

export function jobsCommand(program: Command): void {
  const jobs = program.command('jobs').description('scheduled work');
  jobs
    .command('list')
    .description('every job and when it runs (UTC)')
    .action(() =>
      withApplication(async (app) => {
        const rows = (await jobsOf(app)).list().map(({ name, schedule, description }) => [name, schedule, description]);
        say(rows.length > 0 ? table(rows) : 'There are no jobs.');
      }),
    );
  jobs
    .command('run <name>')
    .description('run a job now; late, doubled and additional runs are harmless')
    .addHelpText('after', '\n  provost jobs run usage.daily-reset')
    .action((name: string) =>
      withApplication(async (app) => {
        const run = await (await jobsOf(app)).run(name);
        if (!run) throw new CommandFailed(`Job ${name} is running already, in another process.`);
        say(`${name} took ${run.durationMs} ms: ${JSON.stringify(run.report)}`);
      }),
    );
}

async function jobsOf(app: INestApplicationContext): Promise<Jobs> {
  const { Jobs } = await import('../platform/jobs/jobs.js');
  return app.get(Jobs);
}
