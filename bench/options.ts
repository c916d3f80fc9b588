import { parseArgs } from 'node:util';

/** Connections of the load generator, each with one request under way. */
export const CONNECTIONS = 64;

export interface Options {
  /** Names of paths; none is all. */
  readonly paths: readonly string[];
  readonly users: number;
  /** Length of a round. */
  readonly seconds: number;
  readonly rounds: number;
  readonly markdown: boolean;
  /** A folder for CPU profiles of both servers. */
  readonly profile?: string;
  /** The MySQL server to measure on; without one the embedded engine is measured. */
  readonly databaseUrl?: string;
}

export const USAGE = `npm run bench [-- admin | audit | experiments | sign-in-parts]
npm run bench [-- PATH …] [-- --users N --seconds S --rounds R --markdown --profile FOLDER]

Measures Provost against a bare Fastify server that does the same with one prepared statement a request, in turns.
DATABASE_URL or TEST_DATABASE_URL names a MySQL server, where a database is made and dropped again; without one
the embedded engine is measured, in a folder of its own. "admin" measures lists of a million users instead of hot paths,
"audit" changes with chained audit rows against changes with plain ones, "experiments" long computations and what waits for them,
"sign-in-parts" what the hash, a framework and the rest take of a sign-in.`;

export function optionsFrom(args: string[], environment: NodeJS.ProcessEnv): Options | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      users: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      markdown: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    paths: positionals,
    users: atLeast('users', values.users ?? (positionals[0] === 'admin' ? '1000000' : '100000'), 1000),
    seconds: atLeast('seconds', values.seconds, 0.1),
    rounds: atLeast('rounds', values.rounds, 1),
    markdown: values.markdown,
    profile: values.profile,
    databaseUrl: environment.DATABASE_URL || environment.TEST_DATABASE_URL || undefined,
  };
}

function atLeast(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new Error(`--${name} must be a number from ${least} on`);
  return value;
}
