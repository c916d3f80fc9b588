import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A process that has loaded the built command line and carries out one command after the other. */
export class CliHost {
  private readonly child: ChildProcess;
  private readonly printed = { stdout: '', stderr: '' };
  private count = 0;
  isBusy = false;

  constructor() {
    this.child = fork('test/support/cli-host-process.mjs', { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    for (const stream of ['stdout', 'stderr'] as const) this.child[stream]!.setEncoding('utf8').on('data', (text: string) => (this.printed[stream] += text));
  }

  async run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<CliResult> {
    this.isBusy = true;
    try {
      // Both streams end with this line, so that nothing printed before it is missed.
      const end = `end of command ${(this.count += 1)}\n`;
      this.child.send({ args, environment, end });
      const [{ code }] = (await once(this.child, 'message')) as [{ code: number }];
      return { code, stdout: await this.taken('stdout', end), stderr: await this.taken('stderr', end) };
    } finally {
      this.isBusy = false;
    }
  }

  stop(): void {
    this.child.kill();
  }

  private async taken(stream: 'stdout' | 'stderr', end: string): Promise<string> {
    while (!this.printed[stream].endsWith(end)) await once(this.child[stream]!, 'data');
    const text = this.printed[stream].slice(0, -end.length);
    this.printed[stream] = '';
    return text;
  }
}
