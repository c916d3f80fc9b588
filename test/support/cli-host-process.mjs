import 'reflect-metadata';
import { run } from '../../dist/cli/program.js';

process.umask(0o077);
process.on('disconnect', () => process.exit());
process.on('message', async ({ args, environment, end }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  process.exitCode = undefined;
  const code = (await run(args)) || process.exitCode || 0;
  process.stdout.write(end);
  process.stderr.write(end);
  process.send({ code });
});
