import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A server of the bench in a process of its own. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
    /** From spawning to the line that says where it listens. */
    readonly readyMs: number,
  ) {}

  /** Starts `node …args` and waits for an address in what it prints. */
  static async start(args: string[], options: { cwd: string; env: Record<string, string> }): Promise<Child> {
    const began = performance.now();
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve, reject) => {
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
        if (address) resolve(address[0]);
      });
      child.once('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code} before it served: ${printed}`)));
    });
    return new Child(child, url, performance.now() - began);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }

  /** Highest resident memory so far, in bytes; undefined where the system does not tell. */
  get peakBytes(): number | undefined {
    return statusOf(this.process.pid!, 'VmHWM');
  }

  get residentBytes(): number | undefined {
    return statusOf(this.process.pid!, 'VmRSS');
  }
}

function statusOf(pid: number, name: string): number | undefined {
  try {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return kib ? Number(kib[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}
