import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.js';
import { type Database, EmbeddedDatabase, MysqlDatabase } from './database.js';
import { Driver } from './driver.js';
import type { Options } from './options.js';
import type { Population } from './population.js';
import { TokenMaker } from './tokens.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Fills a database that the service has just made. */
export type Fill<P> = (database: Database, users: number, masterKey: Buffer) => Promise<P>;

/** Everything a run needs: the service and the floor on one database full of people, and what drives them. */
export class Stage<P = Population> {
  readonly driver = new Driver();
  readonly secondDriver = new Driver();

  private constructor(
    readonly dataDir: string,
    readonly database: Database,
    readonly service: Child,
    readonly floor: Child,
    readonly tokens: TokenMaker,
    readonly population: P,
    readonly idleBytes: number | undefined,
  ) {}

  static async set<P>(options: Options, fill: Fill<P>, say: (line: string) => void): Promise<Stage<P>> {
    const dataDir = mkdtempSync(join(tmpdir(), 'provost-bench-'));
    const mysql = options.databaseUrl ? await MysqlDatabase.make(options.databaseUrl) : undefined;
    try {
      return await Stage.over(dataDir, mysql, options, fill, say);
    } catch (error) {
      await mysql?.drop();
      rmSync(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  private static async over<P>(dataDir: string, mysql: MysqlDatabase | undefined, options: Options, fill: Fill<P>, say: (line: string) => void): Promise<Stage<P>> {
    const tokens = new TokenMaker();
    const serviceArguments = [...profiling(options, 'service'), join(ROOT, 'dist/main.js')];
    const service = await Child.start(serviceArguments, { cwd: dataDir, env: environment(dataDir, tokens, mysql) });
    const idleBytes = service.residentBytes;
    const database = mysql ?? new EmbeddedDatabase(dataDir);
    say(`loading ${options.users.toLocaleString('en')} users`);
    const population = await fill(database, options.users, Buffer.from(tokens.masterKey, 'base64'));
    const floorArguments = JSON.stringify({ address: database.address, publicKey: tokens.publicPem });
    const floor = await Child.start([...profiling(options, 'floor'), join(ROOT, 'dist-bench/bench/floor/server.js'), floorArguments], { cwd: dataDir, env: inherited() });
    return new Stage(dataDir, database, service, floor, tokens, population, idleBytes);
  }

  /** p99 of the service's event-loop delay since the last call, in milliseconds. */
  async eventLoopP99(): Promise<number> {
    const metrics = await (await fetch(`${this.service.url}/metrics`)).text();
    return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(metrics)![1]) * 1000;
  }

  async clear(): Promise<void> {
    await Promise.all([this.driver.close(), this.secondDriver.close(), this.floor.stop(), this.service.stop()]);
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function profiling({ profile }: Options, server: string): string[] {
  return profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(profile, server)}`] : [];
}

/** The service runs in its data folder and is given all it knows, so that no `.env` of this tree plays a part. */
function environment(dataDir: string, tokens: TokenMaker, mysql: MysqlDatabase | undefined): Record<string, string> {
  return {
    ...inherited(),
    NODE_ENV: 'production',
    PORT: '0',
    PUBLIC_URL: tokens.issuer,
    DATA_DIR: dataDir,
    SIGNING_KEY: tokens.privatePem,
    MASTER_KEY: tokens.masterKey,
    LOG_LEVEL: 'warn',
    // All load comes from one network; what counting it costs is not what these rates are about.
    RATE_LIMIT_SIGN_IN: '0',
    RATE_LIMIT_PUBLIC: '0',
    ...(mysql && { DATABASE_URL: mysql.address.url }),
  };
}

function inherited(): Record<string, string> {
  return { PATH: process.env.PATH ?? '' };
}
