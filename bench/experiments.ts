import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Child } from './child.js';
import { EmbeddedDatabase, MysqlDatabase } from './database.js';
import { median } from './median.js';
import type { Options } from './options.js';
import { aligned, markdown } from './report.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const HEADINGS = ['computation', 'seconds', 'event loop: worst ms', 'a health check meanwhile: worst ms'];
const MS_BETWEEN_CHECKS = 20;

interface Made {
  readonly id: string;
}

interface Computation extends Made {
  readonly state: string;
  readonly problem?: unknown;
}

/** Someone's experiments, over HTTP. */
class Lab {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async of(url: string): Promise<Lab> {
    const [stranger, password] = [new Lab(url, ''), 'small engines, big gears'];
    await stranger.post('/auth/register', { email: 'bench@example.org', username: 'bench', password });
    const { accessToken } = await stranger.post<{ accessToken: string }>('/auth/login', { login: 'bench', password });
    return new Lab(url, accessToken);
  }

  async post<Answer>(path: string, body: object): Promise<Answer> {
    return this.answer<Answer>(await fetch(`${this.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...this.headers }, body: JSON.stringify(body) }));
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.answer<Answer>(await fetch(`${this.url}/api/v1${path}`, { headers: this.headers }));
  }

  /** An experiment with continuous parameters X1, X2 … and a response Y. */
  async experiment(parameters: number): Promise<string> {
    const { id } = await this.post<Made>('/experiments', { title: `${parameters} parameters` });
    for (let n = 1; n <= parameters; n += 1) await this.post(`/experiments/${id}/parameters`, { name: `X${n}`, kind: 'continuous', low: -1, high: 1 });
    await this.post(`/experiments/${id}/responses`, { name: 'Y', goal: 'maximise' });
    return id;
  }

  /** Runs spread over the region, each measured once. */
  async measured(experiment: string, parameters: number, runs: number): Promise<void> {
    const settings = Array.from({ length: runs }, (_, run) => Object.fromEntries(Array.from({ length: parameters }, (_each, n) => [`X${n + 1}`, Math.sin((run + 1) * (n + 1.7) * 1.31)])));
    for (let start = 0; start < runs; start += 500) {
      await this.post(`/experiments/${experiment}/runs/bulk`, { items: settings.slice(start, start + 500).map((each) => ({ settings: each })) });
      await this.post(`/experiments/${experiment}/results/bulk`, { items: settings.slice(start, start + 500).map((each, index) => ({ run: start + index + 1, response: 'Y', value: hill(Object.values(each), start + index) })) });
    }
  }

  /** What a long computation came to, if it was not there at once. */
  async settled(experiment: string, { id, state }: Computation): Promise<void> {
    for (let now = state; now === 'queued' || now === 'running'; ) {
      await pause(MS_BETWEEN_CHECKS);
      const computation = await this.get<Computation>(`/experiments/${experiment}/computations/${id}`);
      now = computation.state;
      if (now === 'failed' || now === 'cancelled') throw new Error(JSON.stringify(computation.problem));
    }
  }

  private get headers(): Record<string, string> {
    return this.token === '' ? {} : { authorization: `Bearer ${this.token}` };
  }

  private async answer<Answer>(response: Response): Promise<Answer> {
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }
}

/** A surface with a summit inside, and some noise that is the same in each bench. */
function hill(settings: readonly number[], run: number): number {
  return settings.reduce((height, x, n) => height - (x - 0.1 * n) ** 2 + 0.3 * x * settings[0]!, 10) + 0.05 * Math.sin(run * 12.9898);
}

/** What long computations take, and whether the service answers others meanwhile. */
export async function runExperiments(options: Options, say: (line: string) => void): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'provost-experiments-'));
  const mysql = options.databaseUrl ? await MysqlDatabase.make(options.databaseUrl) : undefined;
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', RATE_LIMIT_SIGN_IN: '0', RATE_LIMIT_PUBLIC: '0', ...(mysql && { DATABASE_URL: mysql.address.url }) };
  const service = await Child.start([MAIN], { cwd: dataDir, env });
  try {
    const lab = await Lab.of(service.url);
    const rows: string[][] = [];
    for (const [title, prepare] of COMPUTATIONS) {
      say(title);
      const work = await prepare(lab);
      const rounds: Round[] = [];
      for (let round = 0; round < options.rounds; round += 1) rounds.push(await watched(service.url, () => work(round)));
      const worst = (of: (round: Round) => number): string => Math.max(...rounds.map(of)).toFixed(0);
      rows.push([title, median(rounds.map(({ seconds }) => seconds)).toFixed(2), worst(({ eventLoopMs }) => eventLoopMs), worst(({ healthMs }) => healthMs)]);
    }
    const { description } = mysql ?? new EmbeddedDatabase(dataDir);
    process.stdout.write(`\n${[...(options.markdown ? markdown(rows, HEADINGS) : aligned(rows, HEADINGS)), '', `${description}; over HTTP, medians of ${options.rounds} rounds, with what the service does around the computation; highest resident memory ${Math.round((service.peakBytes ?? NaN) / 2 ** 20)} MiB, worker thread included`, ''].join('\n')}`);
    return 0;
  } finally {
    await service.stop();
    await mysql?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Work = (round: number) => Promise<unknown>;

const COMPUTATIONS: readonly (readonly [title: string, prepare: (lab: Lab) => Promise<Work>])[] = [
  ['full quadratic fit, 10 factors, 1,000 runs', async (lab) => {
    const experiment = await lab.experiment(10);
    await lab.measured(experiment, 10, 1000);
    return () => lab.post(`/experiments/${experiment}/models`, { response: 'Y', preset: 'quadratic' });
  }],
  ['D-optimal design, 6 factors, 40 runs, quadratic', async (lab) => {
    const experiment = await lab.experiment(6);
    return async (round) => lab.settled(experiment, await lab.post(`/experiments/${experiment}/designs`, { kind: 'd-optimal', options: { runs: 40, model: 'quadratic' }, seed: round }));
  }],
  ['next run by Gaussian process, 200 runs, 4 factors', async (lab) => {
    const experiment = await lab.experiment(4);
    await lab.measured(experiment, 4, 200);
    return async (round) => lab.settled(experiment, await lab.post(`/experiments/${experiment}/suggestions`, { method: 'expected-improvement', responses: ['Y'], count: 1, seed: round }));
  }],
];

interface Round {
  readonly seconds: number;
  readonly eventLoopMs: number;
  readonly healthMs: number;
}

async function watched(url: string, work: () => Promise<unknown>): Promise<Round> {
  await worstEventLoopMs(url);
  const began = performance.now();
  let over = false;
  const done = work().finally(() => (over = true));
  let healthMs = 0;
  while (!over) {
    const asked = performance.now();
    await (await fetch(`${url}/health/live`)).text();
    healthMs = Math.max(healthMs, performance.now() - asked);
    await pause(MS_BETWEEN_CHECKS);
  }
  await done;
  const seconds = (performance.now() - began) / 1000;
  return { seconds, healthMs, eventLoopMs: await worstEventLoopMs(url) };
}

/** Since the last call. */
async function worstEventLoopMs(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(metrics)![1]) * 1000;
}
