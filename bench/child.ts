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
    // Whatever becomes of the bench, nothing of it goes on.
    process.once('exit', () => child.kill('SIGKILL'));
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

  /** Processor time so far, in milliseconds: tells more than rates where other programs share the machine. */
  get cpuMs(): number {
    return cpuMsOf(this.process.pid!);
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

const TICKS_PER_SECOND = 100;

function cpuMsOf(pid: number): number {
  try {
    // After the name of the program, which may hold anything, the 12th and 13th fields are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}
