import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CliHost, type CliResult } from './cli-host.js';
import { PATIENT_MS, type Scratch } from './scratch-database.js';


/**
 * Runs the built command line (`npm test` builds first), one command after the other in a process that has loaded it
 * already: loading takes three times as long as most commands do. A command that comes while another runs gets a process of its own.
 */
export function cli(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  host ??= new CliHost();
  return host.isBusy ? cliAlone(args, environment) : host.run(args, childEnvironment(environment));
}

let host: CliHost | undefined;
afterAll(() => host?.stop());

/** Runs the built command line in a process of its own, as people do. */
export function cliAlone(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/cli/provost.js', ...args], { env: childEnvironment(environment), maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

/** The built service in a process of its own. */
export class BuiltService {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Everything it has printed up to being ready. */
    readonly greeting: string,
    private readonly printed: readonly string[],
  ) {}

  static async start(environment: NodeJS.ProcessEnv): Promise<BuiltService> {
    const child = spawn(process.execPath, ['dist/main.js'], { env: childEnvironment({ PORT: '0', LOG_LEVEL: 'warn', DATABASE_TIMEOUT_MS: String(PATIENT_MS), ...environment }), stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    const served = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        printed.push(`${line}\n`);
        const [, url] = /serving at (http\S+)/.exec(line) ?? [];
        // The lines of the greeting leave in one write; the turn after the first has them all.
        if (url) setImmediate(() => resolve(url));
      });
      child.once('exit', (code) => reject(new Error(`The service ended with ${code} before it served:\n${printed.join('')}`)));
    });
    const url = await served;
    return new BuiltService(child, url, printed.join(''), printed);
  }

  /** Everything it has printed so far. */
  get output(): string {
    return this.printed.join('');
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Sends the signal and waits for the end; answers the exit code, null after SIGKILL. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}

/** Settings for a process of its own on a scratch database. */
export function environmentOf({ settings }: Scratch): NodeJS.ProcessEnv {
  return { DATA_DIR: settings.dataDir, DATABASE_URL: settings.databaseUrl ?? '' };
}

/** Everybody in a test calls from one network. */
const UNLIMITED = { RATE_LIMIT_SIGN_IN: '0', RATE_LIMIT_REGISTRATION: '0', RATE_LIMIT_PUBLIC: '0', RATE_LIMIT_WRONG_CREDENTIALS: '0' };

/** Nothing of this process's own settings leaks in, but what a program needs to run at all. */
function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1', ...UNLIMITED, ...environment };
}
