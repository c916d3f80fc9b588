import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const AT_HAND = fileURLToPath(new URL('../../../shared/tools/mysql-server.sh', import.meta.url));

/**
 * A MySQL server of this test's own, to be stopped and started: by the script that TEST_MYSQL_CONTROL names, which knows
 * `start PORT`, `stop`, `status` (prints `pid N`) and `url`, and keeps its data in the folder MYSQL_INSTANCE.
 */
export class OwnMysql {
  private constructor(
    private readonly script: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static get script(): string | undefined {
    const given = process.env.TEST_MYSQL_CONTROL;
    return given || (existsSync(AT_HAND) ? AT_HAND : undefined);
  }

  static async create(): Promise<OwnMysql> {
    const { script } = OwnMysql;
    if (!script) throw new Error('Stopping MySQL needs a script that does it: set TEST_MYSQL_CONTROL (see test/support/own-mysql.ts).');
    const mysql = new OwnMysql(script, mkdtempSync(join(tmpdir(), 'pv-mysql-')), await freePort());
    await mysql.start();
    return mysql;
  }

  start(): Promise<string> {
    return this.control('start', String(this.port));
  }

  /** A clean shutdown: whoever is connected is cut off. */
  stop(): Promise<string> {
    return this.control('stop');
  }

  url(): Promise<string> {
    return this.control('url');
  }

  /** As a machine does that swaps or a network that swallows: connections stay open and nobody answers. */
  async pause(): Promise<void> {
    process.kill(await this.pid(), 'SIGSTOP');
  }

  async resume(): Promise<void> {
    process.kill(await this.pid(), 'SIGCONT');
  }

  /** Whatever state it is in. */
  async remove(): Promise<void> {
    await this.pid().then((pid) => process.kill(pid, 'SIGKILL'), () => undefined);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  private async pid(): Promise<number> {
    return Number(/pid (\d+)/.exec(await this.control('status'))![1]);
  }

  private async control(...command: string[]): Promise<string> {
    const { stdout } = await run(this.script, command, { env: { ...process.env, MYSQL_INSTANCE: this.folder } });
    return stdout.trim();
  }
}
